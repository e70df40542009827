-- The bare network, again and again, in pcall.
-- ends: the script calls its host more than 1000 times for each level
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    while true do pcall(ctx.predict, ctx, x, 1) end
  end,
}
