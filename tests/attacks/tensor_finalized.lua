-- A tensor used as what it is not.
-- ends: a tensor has no '__gc'
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    x.__gc(x)
    return x
  end,
}
