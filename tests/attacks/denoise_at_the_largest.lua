-- The model at the highest and lowest levels that numbers have.
-- ends: harmlessly
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    ctx:denoise(x, 1.7e308)
    ctx:denoise(x, 5e-324)
    return x
  end,
}
