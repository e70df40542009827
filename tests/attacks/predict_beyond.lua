-- The network beyond its last timestep.
-- ends: is not an integer from 0 to 3
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    ctx:predict(x, 4)
    return x
  end,
}
