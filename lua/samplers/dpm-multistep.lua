-- SPDX-License-Identifier: CC0-1.0
-- DPM-Solver, multistep: the noise estimate goes on as it went between the last
-- levels, and what it adds up to is integrated.
-- Lu, Zhou, Bao, Chen, Li, Zhu: DPM-Solver, with the last steps' estimates as in
-- DPM-Solver++(2M), in sigma space, where lambda = -ln sigma.
-- https://arxiv.org/abs/2206.00927, https://arxiv.org/abs/2211.01095
-- Order 3 is that of the authors' code, which counts half of the curvature and is
-- of second order; deis.lua counts it wholly. https://github.com/LuChengTH/dpm-solver

return diffusion.sampler {
  api = 1, name = "dpm-multistep", title = _"DPM-Solver multistep", license = "CC0-1.0",
  order = function(p) return math.min(p.order, 2) end,
  evals = 1,
  params = {
    { "order", type = "integer", default = 2, min = 1, max = 3,
      label = _"Order", help = _"How many of the last noise estimates are used" },
    { "solver", type = "choice", default = "midpoint", choices = { "midpoint", "heun" },
      label = _"Solver", help = _"How steps of order 2 are integrated: roughly, or exactly" },
    { "lowered", type = "integer", default = 0, min = 0, max = 2,
      label = _"Lowered", help = _"Last steps of lower order: steadier in short runs" },
  },

  sample = function(ctx, x, sigmas, p)
    local n <const> = #sigmas - 1
    local e <const>, h <const> = {}, {} -- the noise at each level, the length of each step
    for i = 1, n do
      local a <const>, b <const> = sigmas[i], sigmas[i + 1]
      local x0 <const> = ctx:denoise(x, a)
      if b == 0 then return ctx:step(i, x0, x0) end
      e[i], e[i - 3], h[i] = (x - x0) / a, nil, math.log(a / b)
      local order <const> = math.min(p.order, i, i > n - p.lowered and n + 1 - i or 3)
      local linear <const> = (a - b) / h[i] - b
      local y = x + (b - a) * e[i]
      if order > 1 then
        local slope = h[i] / h[i - 1] * (e[i] - e[i - 1])
        if order > 2 then
          local bend <const> = h[i] / (h[i - 1] + h[i - 2])
            * (slope - h[i] / h[i - 2] * (e[i - 1] - e[i - 2]))
          slope = slope + h[i - 1] / h[i] * bend
          y = y - (linear / h[i] - b / 2) * bend
        end
        y = y - (order == 2 and p.solver == "midpoint" and (a - b) / 2 or linear) * slope
      end
      x = ctx:step(i, y, x0)
    end
    return x
  end,
}
