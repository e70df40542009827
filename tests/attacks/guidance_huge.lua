-- A guidance beyond every float.
-- ends: harmlessly
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    ctx:denoise(x, 4, { guidance = 1e308 })
    return x
  end,
}
