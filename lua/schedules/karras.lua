-- SPDX-License-Identifier: CC0-1.0
-- Levels that are even in their rho-th roots.
-- Karras, Aittala, Aila, Laine: Elucidating the Design Space of Diffusion-Based
-- Generative Models, equation 5. https://arxiv.org/abs/2206.00364

return diffusion.schedule {
  api = 1, name = "karras", title = _"Karras", license = "CC0-1.0",
  params = {
    { "rho", type = "number", default = 7, min = 1, max = 100, step = 0.5,
      label = _"Rho", help = _"The higher, the more of the steps are at low noise" },
    { "sigma_min", type = "number", default = 0, min = 0,
      label = _"Lowest level", help = _"Of the noise; 0 is the model's own" },
    { "sigma_max", type = "number", default = 0, min = 0,
      label = _"Highest level", help = _"Of the noise; 0 is the model's own" },
  },

  sigmas = function(model, n, p)
    local low <const> = (p.sigma_min > 0 and p.sigma_min or model.sigma_min) ^ (1 / p.rho)
    local high <const> = (p.sigma_max > 0 and p.sigma_max or model.sigma_max) ^ (1 / p.rho)
    local sigmas <const> = {}
    for i = 1, n do
      sigmas[i] = (high + (i - 1) / math.max(n - 1, 1) * (low - high)) ^ p.rho
    end
    sigmas[n + 1] = 0
    return sigmas
  end,
}
