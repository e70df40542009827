-- Steps from within the guidance function, in the middle of a call of the model.
-- ends: harmlessly
local inner, image
return diffusion.sampler {
  api = 1, name = "attack", 
  guidance = function(sigma, w) inner:step(1, image) return w end,
  sample = function(ctx, x, sigmas, p)
    inner, image = ctx, x
    ctx:denoise(x, 4)
    return x
  end,
}
