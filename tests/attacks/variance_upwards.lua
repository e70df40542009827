-- The variance of a step upwards.
-- ends: a level from 0 to below the first expected
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    ctx:learned_variance(1, 2)
    return x
  end,
}
