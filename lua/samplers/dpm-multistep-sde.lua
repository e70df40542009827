-- SPDX-License-Identifier: CC0-1.0
-- DPM-Solver, multistep, for the diffusion SDE: twice the way of the ODE, and noise.
-- Lu, Zhou, Bao, Chen, Li, Zhu: DPM-Solver++, SDE-DPM-Solver(2M), in sigma space,
-- where lambda = -ln sigma. https://arxiv.org/abs/2211.01095

-- How much of the slope of the noise estimate counts over a step of length h.
local weight <const> = {
  midpoint = function(h) return (math.exp(h) - 1) / 2 end,
  heun = function(h) return (math.exp(h) - 1) / h - 1 end,
}

return diffusion.sampler {
  api = 1, name = "dpm-multistep-sde", title = _"DPM-Solver multistep SDE", license = "CC0-1.0",
  stochastic = true, evals = 1,
  params = {
    { "order", type = "integer", default = 2, min = 1, max = 2,
      label = _"Order", help = _"How many of the last noise estimates are used" },
    { "solver", type = "choice", default = "midpoint", choices = { "midpoint", "heun" },
      label = _"Solver", help = _"How the slope is integrated: by a rule of thumb, or exactly" },
    { "lowered", type = "integer", default = 0, min = 0, max = 1,
      label = _"Lowered", help = _"Last steps of lower order: steadier in short runs" },
  },

  sample = function(ctx, x, sigmas, p)
    local n <const> = #sigmas - 1
    local before, h_before
    for i = 1, n do
      local a <const>, b <const> = sigmas[i], sigmas[i + 1]
      local x0 <const>, h <const> = ctx:denoise(x, a), math.log(a / b)
      if b == 0 then return ctx:step(i, x0, x0) end
      local eps <const> = (x - x0) / a
      local y = x + 2 * (b - a) * eps
      if before and p.order > 1 and i <= n - p.lowered then
        y = y - 2 * b * weight[p.solver](h) * (h / h_before) * (eps - before)
      end
      x, before, h_before = ctx:step(i, y + math.sqrt(a * a - b * b) * ctx:noise(), x0), eps, h
    end
    return x
  end,
}
