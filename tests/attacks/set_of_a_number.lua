-- A tensor used as what it is not.
-- ends: a number has no 'set'
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    (5):set(x)
    return x
  end,
}
