-- SPDX-License-Identifier: CC0-1.0
-- Euler ancestral: down along the slope, further than the next level, and up to
-- it with fresh noise.
-- Crowson: k-diffusion, get_ancestral_step() and sample_euler_ancestral().
-- https://github.com/crowsonkb/k-diffusion, sampling.py

return diffusion.sampler {
  api = 1, name = "euler-ancestral", title = _"Euler ancestral", license = "CC0-1.0",
  order = function(p) return p.eta == 0 and 1 or nil end, evals = 1,
  stochastic = function(p) return p.eta > 0 end,
  params = {
    { "eta", type = "number", default = 1, min = 0, max = 1, step = 0.05,
      label = _"Eta", help = _"0 draws no noise, as Euler; 1 as much as DDPM" },
  },

  -- Levels are deviations: their squares add up to b's.
  step = function(ctx, x, x0, _, a, b, p)
    local up <const> = p.eta * b * math.sqrt(1 - (b / a) ^ 2)
    local down <const> = math.sqrt(b ^ 2 - up ^ 2)
    local y <const> = x + (down - a) / a * (x - x0)
    return up > 0 and y + up * ctx:noise() or y
  end,
}
