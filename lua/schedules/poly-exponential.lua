-- SPDX-License-Identifier: CC0-1.0
-- Levels whose logarithms go down as a power: exponential, but that the steps
-- crowd at one end.
-- Crowson: k-diffusion, get_sigmas_polyexponential.
-- https://github.com/crowsonkb/k-diffusion

return diffusion.schedule {
  api = 1, name = "poly-exponential", title = _"Poly-exponential", license = "CC0-1.0",
  params = {
    { "rho", type = "number", default = 1, min = 0.1, max = 10, step = 0.1,
      label = _"Rho", help = _"1 is exponential; above, more of the steps are at low noise" },
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
      local ramp <const> = (1 - (i - 1) / math.max(n - 1, 1)) ^ p.rho
      sigmas[i] = math.exp(low + ramp * (high - low))
    end
    sigmas[n + 1] = 0
    return sigmas
  end,
}
