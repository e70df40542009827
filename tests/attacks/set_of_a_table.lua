-- A tensor used as what it is not.
-- ends: tensor expected
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    x:set({})
    return x
  end,
}
