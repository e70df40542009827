-- Reductions of what is no number.
-- ends: harmlessly
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local nan = x * (0 / 0)
    local _ = nan:quantile(0.5), nan:rms(), nan:absmax(), nan:mean(), (x / 0):quantile(0.5)
    return x
  end,
}
