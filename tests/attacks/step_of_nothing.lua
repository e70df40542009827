-- A step to a number.
-- ends: tensor expected, got number
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    ctx:step(1, 5)
    return x
  end,
}
