-- SPDX-License-Identifier: CC0-1.0
-- A schedule: the noise levels that a picture passes on its way. As it stands this
-- is that of Karras et al. 2022, equation 5, https://arxiv.org/abs/2206.00364. Name
-- the paper that yours follows here, and where it can be read.
--
--   sfumato script check FILE    says what is wrong with it
--   sfumato script plot FILE     shows its levels
--   sfumato script api           lists all that it may call

return diffusion.schedule {
  api = 1,
  name = "my-schedule",          -- as in --schedule my-schedule
  title = _"My schedule",        -- as the dialog shows it
  license = "CC0-1.0",

  -- Knobs: --set rho=5 in the terminal; in GIMP, the argument script-params.
  params = {
    { "rho", type = "number", default = 7, min = 1, max = 20, step = 0.5,
      label = _"Rho", help = _"The higher, the more of the steps are at low noise" },
  },

  -- The levels for n steps. model.sigma_max is the most noise that the model has
  -- seen, model.sigma_min the least. To be returned: a list of numbers, each below
  -- the one before; the first at most sigma_max, the last 0.
  sigmas = function(model, n, p)
    local most <const>, least <const> = model.sigma_max ^ (1 / p.rho), model.sigma_min ^ (1 / p.rho)
    local sigmas <const> = {}
    for i = 1, n do
      local u <const> = n > 1 and (i - 1) / (n - 1) or 0    -- from 0 to 1
      sigmas[i] = (most + u * (least - most)) ^ p.rho
    end
    sigmas[n + 1] = 0
    return sigmas
  end,
}
