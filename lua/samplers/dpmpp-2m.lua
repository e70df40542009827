-- SPDX-License-Identifier: CC0-1.0
-- DPM-Solver++ 2M: the clean estimate goes on as it went between the last two
-- levels, and what it adds up to is integrated.
-- Lu, Zhou, Bao, Chen, Li, Zhu: DPM-Solver++, algorithm 2 (2M), in sigma space,
-- where lambda = -ln sigma. https://arxiv.org/abs/2211.01095

-- How much of the slope of the estimate counts over a step of length h.
local weight <const> = {
  midpoint = function(h) return (1 - math.exp(-h)) / 2 end,
  heun = function(h) return 1 - (1 - math.exp(-h)) / h end,
}

return diffusion.sampler {
  api = 1, name = "dpmpp-2m", title = _"DPM-Solver++ 2M", license = "CC0-1.0",
  order = 2, evals = 1,
  params = {
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
      local y = b / a * x + (1 - b / a) * x0 -- x0 itself in a last step to 0, where h is infinite
      if before and b > 0 and i <= n - p.lowered then
        y = y + weight[p.solver](h) * (h / h_before) * (x0 - before)
      end
      x, before, h_before = ctx:step(i, y, x0), x0, h
    end
    return x
  end,
}
