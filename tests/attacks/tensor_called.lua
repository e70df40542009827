-- A tensor used as what it is not.
-- ends: attempt to call
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    x()
    return x
  end,
}
