-- SPDX-License-Identifier: CC0-1.0
-- Levels in a constant ratio, as score networks were trained on.
-- Song, Ermon: Generative Modeling by Estimating Gradients of the Data
-- Distribution, section 4.1. https://arxiv.org/abs/1907.05600
-- Song et al.: Score-Based Generative Modeling through Stochastic Differential
-- Equations, equation 30, in which t goes from 1 to 0. https://arxiv.org/abs/2011.13456

return diffusion.schedule {
  api = 1, name = "geometric", title = _"Geometric", license = "CC0-1.0",
  params = {
    { "sigma_min", type = "number", default = 0, min = 0,
      label = _"Lowest level", help = _"Of the noise; 0 is the model's own" },
    { "sigma_max", type = "number", default = 0, min = 0,
      label = _"Highest level", help = _"Of the noise; 0 is the model's own" },
    { "final", type = "choice", default = "zero", choices = { "zero", "sigma_min" },
      label = _"Ends at", help = _"No noise, or the lowest level: its noise then stays" },
  },

  sigmas = function(model, n, p)
    local low <const> = p.sigma_min > 0 and p.sigma_min or model.sigma_min
    local high <const> = p.sigma_max > 0 and p.sigma_max or model.sigma_max
    local num <const> = p.final == "zero" and n or n + 1
    local sigmas <const> = {}
    for i = 1, num do
      local t <const> = 1 - (i - 1) / math.max(num - 1, 1)
      sigmas[i] = low * (high / low) ^ t
    end
    if p.final == "zero" then sigmas[n + 1] = 0 end
    return sigmas
  end,
}
