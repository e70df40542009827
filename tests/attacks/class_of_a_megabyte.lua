-- A class of a megabyte.
-- ends: 'class' must be
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    ctx:denoise(x, 4, { class = ("x"):rep(1000000) })
    return x
  end,
}
