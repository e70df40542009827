-- A guidance function that calls the model, which asks for guidance.
-- ends: C stack overflow
local inner, image
return diffusion.sampler {
  api = 1, name = "attack", 
  guidance = function(sigma, w) inner:denoise(image, sigma) return w end,
  sample = function(ctx, x, sigmas, p)
    inner, image = ctx, x
    ctx:denoise(x, 4)
    return x
  end,
}
