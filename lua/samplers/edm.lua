-- SPDX-License-Identifier: CC0-1.0
-- EDM: each step first adds noise, then takes more away, in the manner of Heun.
-- Karras et al.: Elucidating the Design Space of Diffusion-Based Generative
-- Models, algorithm 2; the knobs are table 5's for ImageNet.
-- https://arxiv.org/abs/2206.00364

return diffusion.sampler {
  api = 1, name = "edm", title = _"EDM, stochastic Heun", license = "CC0-1.0",
  order = function(p) return p.s_churn == 0 and 2 or nil end, evals = 2,
  stochastic = function(p) return p.s_churn > 0 end,
  params = {
    { "s_churn", type = "number", default = 40, min = 0, max = 1e6, step = 1,
      label = _"Churn", help = _"Noise added and taken away again over all steps; 0 draws none" },
    { "s_tmin", type = "number", default = 0.05, min = 0, max = 1e7,
      label = _"Churn from", help = _"The lowest level at which noise is added" },
    { "s_tmax", type = "number", default = 50, min = 0, max = 1e7,
      label = _"Churn up to", help = _"The highest level at which noise is added" },
    { "s_noise", type = "number", default = 1.003, min = 0, max = 2, step = 0.001,
      label = _"Noise scale", help = _"Slightly more than 1 makes up for detail that is lost" },
  },

  sample = function(ctx, x, sigmas, p)
    local n <const> = #sigmas - 1
    local most <const> = math.min(p.s_churn / n, math.sqrt(2) - 1)
    for i = 1, n do
      local a, b <const> = sigmas[i], sigmas[i + 1]
      if most > 0 and p.s_tmin <= a and a <= p.s_tmax then
        local hat <const> = a * (1 + most)
        x = x + p.s_noise * math.sqrt(hat ^ 2 - a ^ 2) * ctx:noise()
        a = hat
      end
      local x0 <const> = ctx:denoise(x, a)
      local slope <const> = (x - x0) / a
      local y = x + (b - a) * slope
      if b > 0 then -- at 0 there is no slope
        local slope_there <const> = (y - ctx:denoise(y, b)) / b
        y = x + (b - a) / 2 * (slope + slope_there)
      end
      x = ctx:step(i, y, x0)
    end
    return x
  end,
}
