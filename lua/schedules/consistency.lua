-- SPDX-License-Identifier: CC0-1.0
-- The levels that a consistency model was distilled at, or one in every so many of
-- them: even in their rho-th roots.
-- Song, Dhariwal, Chen, Sutskever: Consistency Models, section 2 and appendix C.
-- https://arxiv.org/abs/2303.01469

return diffusion.schedule {
  api = 1, name = "consistency", title = _"Consistency", license = "CC0-1.0",
  params = {
    { "points", type = "integer", default = 40, min = 1, max = 10001,
      label = _"Points", help = _"Levels that the model was distilled at; more steps make more" },
    { "rho", type = "number", default = 7, min = 1, max = 100, step = 0.5,
      label = _"Rho", help = _"The higher, the more of the points are at low noise" },
  },

  sigmas = function(model, n, p)
    local points <const> = math.max(p.points, n)
    local stride <const> = points // n
    local low <const>, high <const> = model.sigma_min ^ (1 / p.rho), model.sigma_max ^ (1 / p.rho)
    local sigmas <const> = {}
    for i = 1, n do
      local u <const> = (i - 1) * stride / math.max(points - 1, 1)
      sigmas[i] = (high + u * (low - high)) ^ p.rho
    end
    sigmas[n + 1] = 0
    return sigmas
  end,
}
