-- Expressions that are all different: each would be compiled, and kept.
-- ends: the script takes too many instructions
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    for i = 1, 1000 do
      local y = x
      for bit = 0, 9 do y = (i >> bit) % 2 == 0 and y + x or y - x end
      y:absmax()
    end
    return x
  end,
}
