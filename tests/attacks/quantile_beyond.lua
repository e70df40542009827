-- A quantile that there is not.
-- ends: a share from 0 to 1 expected
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    x:quantile(2)
    return x
  end,
}
