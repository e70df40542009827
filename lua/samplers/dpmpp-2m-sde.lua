-- SPDX-License-Identifier: CC0-1.0
-- DPM-Solver++ 2M for the diffusion SDE: as 2M, but each step forgets some of its
-- noise and draws as much anew.
-- Lu, Zhou, Bao, Chen, Li, Zhu: DPM-Solver++, SDE-DPM-Solver++(2M), in sigma space,
-- where lambda = -ln sigma. https://arxiv.org/abs/2211.01095
-- Eta: Crowson, sample_dpmpp_2m_sde. https://github.com/crowsonkb/k-diffusion

-- How much of the slope of the estimate counts over a step of length h.
local weight <const> = {
  midpoint = function(h) return (1 - math.exp(-h)) / 2 end,
  heun = function(h) return 1 - (1 - math.exp(-h)) / h end,
}

return diffusion.sampler {
  api = 1, name = "dpmpp-2m-sde", title = _"DPM-Solver++ 2M SDE", license = "CC0-1.0",
  order = function(p) if p.eta == 0 then return 2 end end,
  stochastic = function(p) return p.eta > 0 end,
  evals = 1,
  params = {
    { "eta", type = "number", default = 1, min = 0, max = 1, step = 0.05,
      label = _"Eta", help = _"0 draws no noise, 1 is the SDE of the paper" },
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
      local kept <const> = (b / a) ^ (1 + p.eta)
      local drawn <const> = b * math.sqrt(1 - (b / a) ^ (2 * p.eta))
      local y = kept * x + (1 - kept) * x0 -- x0 itself in a last step to 0, where h is infinite
      if before and b > 0 and i <= n - p.lowered then
        y = y + weight[p.solver]((1 + p.eta) * h) * (h / h_before) * (x0 - before)
      end
      x = ctx:step(i, drawn > 0 and y + drawn * ctx:noise() or y, x0)
      before, h_before = x0, h
    end
    return x
  end,
}
