-- Calls of the model without end: each renews what the script may spend.
-- ends: the script calls its host more than 1000 times for each level
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    while true do ctx:denoise(x, 1) end
  end,
}
