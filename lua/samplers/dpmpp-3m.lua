-- SPDX-License-Identifier: CC0-1.0
-- DPM-Solver++ 3M: a parabola through the last three clean estimates, integrated
-- exactly.
-- Lu, Zhou, Bao, Chen, Li, Zhu: DPM-Solver++, the multistep solver of order 3, in
-- sigma space, where lambda = -ln sigma. https://arxiv.org/abs/2211.01095
-- The authors' code counts half of the curvature, which makes it of second order.
-- https://github.com/LuChengTH/dpm-solver

return diffusion.sampler {
  api = 1, name = "dpmpp-3m", title = _"DPM-Solver++ 3M", license = "CC0-1.0",
  order = function(p) return p.curvature == 1 and 3 or 2 end,
  evals = 1,
  params = {
    { "curvature", type = "number", default = 1, min = 0, max = 1, step = 0.5,
      label = _"Curvature", help = _"Its share that counts: the authors' code takes half" },
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
      local one <const> = 1 - b / a -- integrals of 1, s, s^2 over the step; s: 0 to 1
      local s <const> = 1 - one / h[i]
      local s2 <const> = 1 - 2 * s / h[i]
      local y = b / a * x + one * m[i]
      if order > 1 then
        local slope = h[i] / h[i - 1] * (m[i] - m[i - 1])
        if order > 2 then
          local bend <const> = h[i] / (h[i - 1] + h[i - 2])
            * (slope - h[i] / h[i - 2] * (m[i - 1] - m[i - 2]))
          y = y + p.curvature * s2 * bend
          slope = slope + h[i - 1] / h[i] * bend
        end
        y = y + (order == 2 and p.solver == "midpoint" and one / 2 or s) * slope
      end
      x = ctx:step(i, y, m[i])
    end
    return x
  end,
}
