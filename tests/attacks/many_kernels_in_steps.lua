-- The same, over many calls of the host.
-- ends: more than 256 different expressions
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    for i = 1, 1000 do
      local y = x
      for bit = 0, 9 do y = (i >> bit) % 2 == 0 and y + x or y - x end
      ctx:denoise(y, 1)
    end
    return x
  end,
}
