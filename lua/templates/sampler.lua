-- SPDX-License-Identifier: CC0-1.0
-- A sampler: how a picture gets from one noise level to the next. As it stands
-- this is Euler's method. Name the paper that yours follows here, and where it
-- can be read.
--
--   sfumato script check FILE    says what is wrong with it
--   sfumato script test FILE     measures what it claims
--   sfumato script api           lists all that it may call

return diffusion.sampler {
  api = 1,
  name = "my-sampler",           -- as in --sampler my-sampler
  title = _"My sampler",         -- as the dialog shows it
  license = "CC0-1.0",

  -- Two claims, which `sfumato script test` holds it to. One that draws noise says
  -- stochastic = true in place of the order.
  order = 1,                     -- half as long steps divide the error by 2 ^ order
  evals = 1,                     -- calls of the model a step

  -- Knobs: --set stretch=1.1 in the terminal; in GIMP, the argument script-params.
  params = {
    { "stretch", type = "number", default = 1, min = 0.5, max = 1.5, step = 0.01,
      label = _"Stretch", help = _"Above 1 each step goes further than it should; 1 is exact" },
  },

  -- One step. x is a noisy picture, x = picture + a * noise: a is its noise level.
  -- x0 is what the model takes the picture to be, eps what it takes the noise to be.
  -- To be returned: the picture at noise level b, which is lower; in the end it is 0.
  step = function(ctx, x, x0, eps, a, b, p)
    local slope <const> = (x - x0) / a    -- dx / dsigma, on the straight way to x0
    local y <const> = x + p.stretch * (b - a) * slope
    -- A stochastic sampler goes lower than b and adds what is missing: it returns
    -- y + up * ctx:noise()
    return b > 0 and y or x0
  end,
}
