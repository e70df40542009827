-- A tensor used as what it is not.
-- ends: tensor expected, got no value
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    x.rms()
    return x
  end,
}
