-- SPDX-License-Identifier: CC0-1.0
-- KDPM2 ancestral: a step of KDPM2 to below the next level, and up to it with
-- fresh noise.
-- Crowson: k-diffusion, sample_dpm_2_ancestral().
-- https://github.com/crowsonkb/k-diffusion, sampling.py

local OFF <const> = 2e-9 -- relative: more than what the host takes for the same level

return diffusion.sampler {
  api = 1, name = "kdpm2-ancestral", title = _"KDPM2 ancestral", license = "CC0-1.0",
  order = function(p) return p.eta == 0 and 2 or nil end, evals = 2,
  stochastic = function(p) return p.eta > 0 end,
  params = {
    { "eta", type = "number", default = 1, min = 0, max = 1, step = 0.05,
      label = _"Eta", help = _"0 draws no noise, as KDPM2; 1 as much as DDPM" },
  },

  -- With eta 1 the middle is b itself. As published, the model is told there what
  -- its table has for that level, even where the schedule has another timestep.
  sample = function(ctx, x, sigmas, p)
    for i = 1, #sigmas - 1 do
      local a <const>, b <const> = sigmas[i], sigmas[i + 1]
      local up <const> = p.eta * b * math.sqrt(1 - (b / a) ^ 2)
      local down <const> = math.sqrt(b ^ 2 - up ^ 2)
      local x0 <const> = ctx:denoise(x, a)
      local slope = (x - x0) / a
      if b > 0 then -- 0 has no logarithm
        local middle <const> = math.sqrt(a * down) * (1 + OFF)
        local y <const> = x + (middle - a) * slope
        slope = (y - ctx:denoise(y, middle)) / middle
      end
      local y <const> = x + (down - a) * slope
      x = ctx:step(i, up > 0 and y + up * ctx:noise() or y, x0)
    end
    return x
  end,
}
