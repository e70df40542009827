-- SPDX-License-Identifier: CC0-1.0
-- DPM-Solver++, singlestep, over the run's own levels: each `order` of them make
-- one step, which starts at the first and looks at all.
-- Lu, Zhou, Bao, Chen, Li, Zhu: DPM-Solver++(2S) and its like of order 3, with the
-- run's levels for the paper's, as published code has it, in sigma space, where
-- lambda = -ln sigma. https://arxiv.org/abs/2211.01095

return diffusion.sampler {
  api = 1, name = "dpmpp-singlestep", title = _"DPM-Solver++ singlestep", license = "CC0-1.0",
  order = function(p) if p.eta == 0 then return p.order end end,
  stochastic = function(p) return p.eta > 0 end,
  evals = 1,
  params = {
    { "order", type = "integer", default = 2, min = 1, max = 3,
      label = _"Order", help = _"Order, and how many levels make one step" },
    { "solver", type = "choice", default = "midpoint", choices = { "midpoint", "heun" },
      label = _"Solver", help = _"How slopes are integrated: roughly, or exactly" },
    { "eta", type = "number", default = 0, min = 0, max = 1, step = 0.05,
      label = _"Eta", help = _"0 draws no noise, 1 is the diffusion SDE" },
    { "lowered", type = "boolean", default = false,
      label = _"Lowered", help = _"The last step is not of full order: steadier in short runs" },
  },

  sample = function(ctx, x, sigmas, p)
    local start, s, m -- of the present step: where it began, its levels, the estimates there
    for i = 1, #sigmas - 1 do
      local b <const>, x0 <const> = sigmas[i + 1], ctx:denoise(x, sigmas[i])
      local k = (i - 1) % p.order + 1
      if not sigmas[i + 2] and (b == 0 or p.lowered and k == p.order) then k = 1 end
      if k == 1 then start, s, m = x, {}, {} end
      s[k], m[k] = sigmas[i], x0
      local function along(j) return math.log(s[1] / s[j]) / math.log(s[1] / b) end
      local h <const>, one <const> = (1 + p.eta) * math.log(s[1] / b), 1 - (b / s[1]) ^ (1 + p.eta)
      local line <const> = k == 2 and p.solver == "midpoint" and one / 2 or 1 - one / h
      local y = (1 - one) * start + one * m[1] -- x0 itself in a last step to 0
      local slope = k > 1 and (m[k] - m[1]) / along(k)
      if k == 3 and p.solver == "heun" then -- Newton's divided differences
        local bend <const> = (slope - (m[2] - m[1]) / along(2)) / (along(3) - along(2))
        y = y + (1 - 2 * line / h) * bend
        slope = slope - along(3) * bend
      end
      if slope then y = y + line * slope end
      local drawn <const> = b * math.sqrt(1 - (b / s[1]) ^ (2 * p.eta))
      x = ctx:step(i, drawn > 0 and y + drawn * ctx:noise() or y, x0)
    end
    return x
  end,
}
