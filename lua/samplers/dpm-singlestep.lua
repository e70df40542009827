-- SPDX-License-Identifier: CC0-1.0
-- DPM-Solver, singlestep, over the run's own levels: each `order` of them make one
-- step, which starts at the first and looks at all.
-- Lu, Zhou, Bao, Chen, Li, Zhu: DPM-Solver-2 and -3 with the run's levels for the
-- paper's, as published code has it, in sigma space, where lambda = -ln sigma.
-- https://arxiv.org/abs/2206.00927

return diffusion.sampler {
  api = 1, name = "dpm-singlestep", title = _"DPM-Solver singlestep", license = "CC0-1.0",
  order = function(p) return p.order end, evals = 1,
  params = {
    { "order", type = "integer", default = 2, min = 1, max = 3,
      label = _"Order", help = _"Order, and how many levels make one step" },
    { "solver", type = "choice", default = "midpoint", choices = { "midpoint", "heun" },
      label = _"Solver", help = _"How slopes are integrated: roughly, or exactly" },
    { "lowered", type = "boolean", default = false,
      label = _"Lowered", help = _"The last step is not of full order: steadier in short runs" },
  },

  sample = function(ctx, x, sigmas, p)
    local start, s, e -- of the present step: where it began, its levels, the noise there
    for i = 1, #sigmas - 1 do
      local b <const>, x0 <const> = sigmas[i + 1], ctx:denoise(x, sigmas[i])
      if b == 0 then return ctx:step(i, x0, x0) end
      local k = (i - 1) % p.order + 1
      if not sigmas[i + 2] and p.lowered and k == p.order then k = 1 end
      if k == 1 then start, s, e = x, {}, {} end
      s[k], e[k] = sigmas[i], (x - x0) / sigmas[i]
      local function along(j) return math.log(s[1] / s[j]) / math.log(s[1] / b) end
      local h <const>, one <const> = math.log(s[1] / b), s[1] - b
      local line <const> = k == 2 and p.solver == "midpoint" and one / 2 or one / h - b
      local y = start - one * e[1]
      local slope = k > 1 and (e[k] - e[1]) / along(k)
      if k == 3 and p.solver == "heun" then -- Newton's divided differences
        local bend <const> = (slope - (e[2] - e[1]) / along(2)) / (along(3) - along(2))
        y = y - (2 * line / h - b) * bend
        slope = slope - along(3) * bend
      end
      x = ctx:step(i, slope and y - line * slope or y, x0)
    end
    return x
  end,
}
