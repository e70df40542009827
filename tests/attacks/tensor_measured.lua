-- A tensor used as what it is not.
-- ends: table or string expected
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    rawlen(x)
    return x
  end,
}
