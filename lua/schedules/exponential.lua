-- SPDX-License-Identifier: CC0-1.0
-- Levels whose logarithms are even: the same in lambda, minus the logarithm of
-- sigma, that DPM-Solver takes.
-- Lu et al.: DPM-Solver, section 3.3. https://arxiv.org/abs/2206.00927
-- Crowson: k-diffusion, get_sigmas_exponential. https://github.com/crowsonkb/k-diffusion

return diffusion.schedule {
  api = 1, name = "exponential", title = _"Exponential", license = "CC0-1.0",
  params = {
    { "sigma_min", type = "number", default = 0, min = 0,
      label = _"Lowest level", help = _"Of the noise; 0 is the model's own" },
    { "sigma_max", type = "number", default = 0, min = 0,
      label = _"Highest level", help = _"Of the noise; 0 is the model's own" },
  },

  sigmas = function(model, n, p)
    local low <const> = math.log(p.sigma_min > 0 and p.sigma_min or model.sigma_min)
    local high <const> = math.log(p.sigma_max > 0 and p.sigma_max or model.sigma_max)
    local sigmas <const> = {}
    for i = 1, n do
      sigmas[i] = math.exp(high + (i - 1) / math.max(n - 1, 1) * (low - high))
    end
    sigmas[n + 1] = 0
    return sigmas
  end,
}
