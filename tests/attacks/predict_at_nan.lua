-- The network at a timestep that there is not.
-- ends: is not an integer from 0 to 3
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    ctx:predict(x, 0 / 0)
    return x
  end,
}
