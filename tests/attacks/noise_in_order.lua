-- More draws of a step than there are streams.
-- ends: the script takes
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    for _ = 1, 70000 do ctx:noise() end
    return x
  end,
}
