-- A class whose name would clear the terminal, for the sentence about it.
-- ends: 'class' must be
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    ctx:denoise(x, 4, { class = "\27[2J" })
    return x
  end,
}
