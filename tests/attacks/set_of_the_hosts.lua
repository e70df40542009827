-- The host's own tensor is set, and lost.
-- ends: harmlessly
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    x:set(x * 0)
    x = nil
    for i = 1, 1000 do local _ = { i } end
    return ctx:noise(1)
  end,
}
