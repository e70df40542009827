-- SPDX-License-Identifier: CC0-1.0
-- Levels at even quantiles of a beta distribution: at 0.6 and 0.6 most of the
-- steps are near the two ends. Of the level itself, as published code has it, or
-- of its logarithm, which is nearer to the paper's time.
-- Lee, Lee, Park: Beta Sampling is All You Need. https://arxiv.org/abs/2407.12173

-- The integral of u^(a - 1) (1 - u)^(b - 1) from 0 to x <= 1/2, as a series.
local function integral(x, a, b)
  local sum, term, k = 0, x ^ a, 0
  repeat
    sum, term = sum + term / (a + k), term * (k + 1 - b) / (k + 1) * x
    k = k + 1
  until math.abs(term) <= 1e-17 * sum
  return sum
end

-- Where that integral is y, by Newton's method in x^a, to which it is nearly
-- proportional: from 1e-9 the next step would be of the order of 1e-18.
local function root(y, a, b)
  local power, step = math.min(a * y, 0.5 ^ a), 0
  repeat
    power = power - step
    local x <const> = power ^ (1 / a)
    step = (integral(x, a, b) - y) * a * (1 - x) ^ (1 - b)
  until math.abs(step) <= 1e-9 * power
  return (power - step) ^ (1 / a)
end

return diffusion.schedule {
  api = 1, name = "beta", title = _"Beta", license = "CC0-1.0",
  params = {
    { "alpha", type = "number", default = 0.6, min = 0.3, max = 10, step = 0.1,
      label = _"Alpha", help = _"The lower, the more of the steps are near the lowest level" },
    { "beta", type = "number", default = 0.6, min = 0.3, max = 10, step = 0.1,
      label = _"Beta", help = _"The lower, the more of the steps are near the highest level" },
    { "over", type = "choice", default = "sigma", choices = { "sigma", "log-sigma" },
      label = _"Over", help = _"What is distributed so: the level, or its logarithm" },
  },

  sigmas = function(model, n, p)
    local a <const>, b <const> = p.alpha, p.beta
    local below <const>, above <const> = integral(0.5, a, b), integral(0.5, b, a)
    local low <const>, high <const> = model.sigma_min, model.sigma_max
    local sigmas <const> = { [n + 1] = 0 }
    for i = 1, n do
      local y <const> = (1 - (i - 1) / math.max(n - 1, 1)) * (below + above)
      local u <const> = y <= below and root(y, a, b) or 1 - root(below + above - y, b, a)
      sigmas[i] = p.over == "sigma" and low + u * (high - low) or low * (high / low) ^ u
    end
    return sigmas
  end,
}
