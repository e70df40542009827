-- SPDX-License-Identifier: CC0-1.0
-- DPM-Solver++ 3M for the diffusion SDE: as 3M, but each step forgets some of its
-- noise and draws as much anew.
-- Lu, Zhou, Bao, Chen, Li, Zhu: DPM-Solver++, SDE-DPM-Solver++, of order 3, in sigma
-- space, where lambda = -ln sigma. https://arxiv.org/abs/2211.01095
-- diffusers weighs the bend with s2 / 2 - 1: half of the curvature, and a sign that
-- differs from the formula's.

return diffusion.sampler {
  api = 1, name = "dpmpp-3m-sde", title = _"DPM-Solver++ 3M SDE", license = "CC0-1.0",
  stochastic = true, evals = 1,
  params = {
    { "curvature", type = "choice", default = "whole", choices = { "whole", "diffusers" },
      label = _"Curvature", help = _"Whole, or weighed as diffusers does" },
    { "solver", type = "choice", default = "heun", choices = { "midpoint", "heun" },
      label = _"Solver", help = _"How steps of second order, at the ends, are integrated" },
    { "lowered", type = "integer", default = 0, min = 0, max = 2,
      label = _"Lowered", help = _"Last steps of lower order: steadier in short runs" },
  },

  sample = function(ctx, x, sigmas, p)
    local n <const> = #sigmas - 1
    local m <const>, h <const> = {}, {} -- the estimate at each level, the length of each step
    for i = 1, n do
      local a <const>, b <const> = sigmas[i], sigmas[i + 1]
      m[i], m[i - 3], h[i] = ctx:denoise(x, a), nil, math.log(a / b)
      local order <const> = b == 0 and 1 or math.min(i, i > n - p.lowered and n + 1 - i or 3)
      local one <const> = 1 - (b / a) ^ 2 -- integrals of 1, s, s^2 over the step; s: 0 to 1
      local s <const> = 1 - one / (2 * h[i])
      local s2 <const> = 1 - s / h[i]
      local y = (b / a) ^ 2 * x + one * m[i]
      if order > 1 then
        local slope = h[i] / h[i - 1] * (m[i] - m[i - 1])
        if order > 2 then
          local bend <const> = h[i] / (h[i - 1] + h[i - 2])
            * (slope - h[i] / h[i - 2] * (m[i - 1] - m[i - 2]))
          y = y + (p.curvature == "whole" and s2 or s2 / 2 - 1) * bend
          slope = slope + h[i - 1] / h[i] * bend
        end
        y = y + (order == 2 and p.solver == "midpoint" and one / 2 or s) * slope
      end
      if b > 0 then y = y + b * math.sqrt(one) * ctx:noise() end
      x = ctx:step(i, y, m[i])
    end
    return x
  end,
}
