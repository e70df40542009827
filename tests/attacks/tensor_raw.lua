-- A tensor used as what it is not.
-- ends: table expected
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    rawget(x, 1)
    return x
  end,
}
