-- Tensors that are set to what is made of them, in a circle.
-- ends: harmlessly
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local y, z = x * 0.5, x * 0.25
    for _ = 1, 100 do
      y:set(y + z)
      z:set(y - z)
      y:set(y * 0.25)
      z:set(z * 0.25)
    end
    x:set(x)
    x = y + z
    return x
  end,
}
