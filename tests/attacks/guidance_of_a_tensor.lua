-- A guidance that is a tensor.
-- ends: guidance must return a finite number
local image
return diffusion.sampler {
  api = 1, name = "attack", guidance = function() return image end,
  sample = function(ctx, x, sigmas, p)
    image = x
    ctx:denoise(x, 4)
    return x
  end,
}
