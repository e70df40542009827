-- A guidance that is no number.
-- ends: guidance must return a finite number
return diffusion.sampler {
  api = 1, name = "attack", guidance = function() return 0 / 0 end,
  sample = function(ctx, x, sigmas, p)
    ctx:denoise(x, 4)
    return x
  end,
}
