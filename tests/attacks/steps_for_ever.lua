-- The same step, again and again.
-- ends: the script calls its host more than 1000 times for each level
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    while true do x = ctx:step(1, x) end
  end,
}
