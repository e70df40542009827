-- The variance of a step that there is not.
-- ends: a finite level above 0 expected
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    ctx:learned_variance(0 / 0, 0)
    return x
  end,
}
