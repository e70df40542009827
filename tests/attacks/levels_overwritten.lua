-- A sampler that overwrites the levels that it is given.
-- ends: harmlessly
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    for i = 1, #sigmas do sigmas[i] = 0 / 0 end
    x = ctx:step(1, x)
    return x
  end,
}
