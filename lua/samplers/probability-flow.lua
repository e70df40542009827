-- SPDX-License-Identifier: CC0-1.0
-- Probability flow: the ODE that carries noise to images without drawing any,
-- solved in steps as long as an estimate of their error allows.
-- Song et al.: Score-Based Generative Modeling through Stochastic Differential
-- Equations, equation 13, in sigma space. https://arxiv.org/abs/2011.13456
-- Bogacki, Shampine: A 3(2) Pair of Runge-Kutta Formulas, 1989.
-- https://doi.org/10.1016/0893-9659(89)90079-7

-- A step's length is the logarithm of the ratio of its levels. It lands on the
-- lowest of the run's levels within reach; where none is, between two of them.

local SAFETY <const> = 0.9 -- of the length that the estimate allows
local SHRINK <const>, GROW <const> = 0.2, 5 -- no more from one step to the next

-- dx / dsigma, in the place of the clean estimate.
local function slope(ctx, x, level)
  local x0 <const> = ctx:denoise(x, level)
  return x0:set((x - x0) / level)
end

-- x at level b by the third-order formula, the slope there, and what the
-- second-order formula thinks of that.
local function try(ctx, x, k1, a, b)
  local h <const> = b - a
  local k2 <const> = slope(ctx, x + h / 2 * k1, a + h / 2)
  local k3 <const> = slope(ctx, x + 3 * h / 4 * k2, a + 3 * h / 4)
  local y <const> = x + h / 9 * (2 * k1 + 3 * k2 + 4 * k3)
  local k4 <const> = slope(ctx, y, b)
  return y, k4, h / 72 * (5 * k1 - 6 * k2 - 8 * k3 + 9 * k4)
end

-- The next place to land, and the number of the level above or at it: sigmas[i]
-- is not below a, and all that is below ends at `low`.
local function aim(sigmas, i, a, low, reach)
  local j = i
  while j < #sigmas and sigmas[j + 1] >= math.max(low, a * math.exp(-reach)) do j = j + 1 end
  if sigmas[j] < a then return sigmas[j], j end
  local stop <const> = math.max(low, sigmas[i + 1])
  local parts <const> = math.ceil(math.log(a / stop) / reach)
  return parts > 1 and a * (stop / a) ^ (1 / parts) or stop, i
end

return diffusion.sampler {
  api = 1, name = "probability-flow", title = _"Probability flow", license = "CC0-1.0",
  adaptive = true,
  params = {
    { "rtol", type = "number", default = 1e-3, min = 1e-7, max = 1,
      label = _"Relative error", help = _"That a step may make, for a pixel of 1" },
    { "atol", type = "number", default = 1e-3, min = 1e-7, max = 1,
      label = _"Absolute error", help = _"That a step may make besides" },
    { "most", type = "integer", default = 1000, min = 1, max = 100000,
      label = _"Most steps", help = _"No step is shorter than the way divided by this" },
  },

  sample = function(ctx, x, sigmas, p)
    local n <const>, last <const> = #sigmas - 1, sigmas[#sigmas]
    local low <const> = last > 0 and last or math.min(sigmas[n], ctx.model.sigma_min)
    local least <const> = math.log(sigmas[1] / low) / p.most
    local i, a, reach, num_tries, num_bad = 1, sigmas[1], math.max(1, least), 0, 0
    local k = slope(ctx, x, a)
    while a > low do
      local b <const>, j <const> = aim(sigmas, i, a, low, reach)
      local y <const>, k_there <const>, wrong <const> = try(ctx, x, k, a, b)
      local err <const> = (wrong / (p.atol + p.rtol * x:abs():max(y:abs()))):rms()
      local length <const>, factor <const> = math.log(a / b), SAFETY * err ^ (-1 / 3)
      if err <= 1 or reach <= least then -- NaN is neither
        num_bad = num_bad + (err <= 1 and 0 or 1)
        x, k, a = y, k_there, b
        if j > i then x = ctx:step(j - 1, x, x - a * k) end
        i = j
      end
      reach = math.max(least, length * (factor > SHRINK and math.min(factor, GROW) or SHRINK))
      num_tries = num_tries + 1
    end
    ctx:note("evaluations", 1 + 3 * num_tries)
    if num_bad > 0 then
      ctx:log(("%d of %d steps are less exact than asked for"):format(num_bad, num_tries))
    end
    return last > 0 and x or ctx:step(n, x - a * k)
  end,
}
