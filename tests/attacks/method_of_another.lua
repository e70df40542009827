-- A tensor used as what it is not.
-- ends: tensor or number expected, got table
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    x.abs({})
    return x
  end,
}
