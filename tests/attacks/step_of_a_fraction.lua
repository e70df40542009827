-- Half a step.
-- ends: number has no integer representation
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    ctx:step(1.5, x)
    return x
  end,
}
