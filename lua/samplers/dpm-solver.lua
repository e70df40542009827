-- SPDX-License-Identifier: CC0-1.0
-- DPM-Solver 1, 2 and 3: the noise estimate at one, two or three levels of each
-- step, and what it adds up to integrated.
-- Lu, Zhou, Bao, Chen, Li, Zhu: DPM-Solver-1, -2 and -3 (algorithms 1 and 2),
-- in sigma space, where lambda = -ln sigma. https://arxiv.org/abs/2206.00927

-- Of each order: from x at level a, where the noise is e, to level b. `noise`
-- gives the estimate anywhere.
local solve <const> = {
  function(x, e, a, b) return x + (b - a) * e end,

  function(x, e, a, b, noise)
    local s <const> = math.sqrt(a * b)
    return x + (b - a) * noise(x + (s - a) * e, s)
  end,

  function(x, e, a, b, noise)
    local h <const> = math.log(a / b)
    local s1 <const>, s2 <const> = a * math.exp(-h / 3), a * math.exp(-2 * h / 3)
    local d1 <const> = noise(x + (s1 - a) * e, s1) - e
    local d2 <const> = noise(x + (s2 - a) * e - 2 * ((a - s2) / (2 * h / 3) - s2) * d1, s2) - e
    return x + (b - a) * e - 3 / 2 * ((a - b) / h - b) * d2
  end,
}

return diffusion.sampler {
  api = 1, name = "dpm-solver", title = _"DPM-Solver", license = "CC0-1.0",
  order = function(p) return p.order end,
  evals = function(p) return p.order end,
  params = {
    { "order", type = "integer", default = 2, min = 1, max = 3,
      label = _"Order", help = _"Order, and calls of the model in each step" },
  },

  sample = function(ctx, x, sigmas, p)
    local function noise(y, s) return (y - ctx:denoise(y, s)) / s end
    for i = 1, #sigmas - 1 do
      local a <const>, b <const> = sigmas[i], sigmas[i + 1]
      local x0 <const> = ctx:denoise(x, a)
      local order <const> = b > 0 and p.order or 1 -- there is no level halfway to 0
      x = ctx:step(i, solve[order](x, (x - x0) / a, a, b, noise), x0)
    end
    return x
  end,
}
