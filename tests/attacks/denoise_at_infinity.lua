-- The model at a level that there is not.
-- ends: a finite level above 0 expected
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    ctx:denoise(x, math.huge)
    return x
  end,
}
