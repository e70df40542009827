-- Knobs that are overwritten.
-- ends: harmlessly
return diffusion.sampler {
  api = 1, name = "attack", params = { { "k", type = "number", default = 1 } },
  sample = function(ctx, x, sigmas, p)
    rawset(p, "k", {})
    return x
  end,
}
