-- SPDX-License-Identifier: CC0-1.0
-- The noise that the model itself was trained with, visited as published
-- schedulers do it.
-- Spacing: Lin, Liu, Li, Yang: Common Diffusion Noise Schedules and Sample Steps
-- are Flawed, table 2. https://arxiv.org/abs/2305.08891
-- Spread: see karras.lua, exponential.lua and beta.lua.

local RHO <const> = 7 -- of "karras"
local A <const> = 0.6 -- both parameters of "beta"

local function round(x) return tonumber(("%.0f"):format(x)) end -- halves to even, as numpy

-- n timesteps below `top` of T, falling; of `points` >= n the last are dropped.
local place <const> = {
  leading = function(n, points, top, _, p)
    local t <const>, stride <const> = {}, top // points
    local offset <const> = math.min(p.steps_offset, top - 1 - (points - 1) * stride)
    for i = 1, n do t[i] = (points - i) * stride + offset end
    return t
  end,
  linspace = function(n, points, top, _, p)
    local t <const>, gap <const> = {}, (top - 1) / math.max(points - 1, 1)
    for i = 1, n do
      local at <const> = math.min((points - i) * gap, top - 1) -- 63 * (999 / 63) is above 999
      t[i] = p.fractional and at or round(at)
    end
    return t
  end,
  trailing = function(n, _, top, T)
    local t <const>, gap <const> = {}, (T - T / n) - T -- in the order of numpy's roundings
    for i = 1, math.min(n, math.ceil(top * n / T)) do t[i] = round(top + (i - 1) * gap) - 1 end
    return t
  end,
}

-- The level of a timestep, on a straight line between its neighbours.
local function level_of(t, levels)
  local below <const> = math.floor(t)
  local a <const>, b <const> = levels[below + 1], levels[below + 2] or 0
  return a + (t - below) * (b - a)
end

-- The timestep of a level, on a straight line in its logarithm.
local function timestep_of(sigma, levels)
  local low, high = 1, #levels
  while high - low > 1 do
    local middle <const> = (low + high) // 2
    if levels[middle] <= sigma then low = middle else high = middle end
  end
  local u <const> = math.log(sigma / levels[low]) / math.log(levels[high] / levels[low])
  return low - 1 + math.max(0, math.min(u, 1))
end

-- The integral of (u (1 - u))^(A - 1) from 0 to x <= 1/2, as a series.
local function mass(x)
  local sum, term, k = 0, x ^ A, 0
  repeat
    sum, term = sum + term / (A + k), term * x * (k + 1 - A) / (k + 1)
    k = k + 1
  until term <= 1e-17 * sum
  return sum
end

-- Below what lies a share q of the beta distribution: Newton's method in x^A.
local function quantile(q)
  if q > 0.5 then return 1 - quantile(1 - q) end
  local wanted <const> = 2 * q * mass(0.5)
  local power = math.min(A * wanted, 0.5 ^ A)
  for _ = 1, 5 do
    local x <const> = power ^ (1 / A)
    power = power - (mass(x) - wanted) * A * (1 - x) ^ (1 - A)
  end
  return power ^ (1 / A)
end

-- The level a share u of the way down.
local function exponential(u, high, low) return high * (low / high) ^ u end
local spread <const> = {
  karras = function(u, high, low)
    return ((1 - u) * high ^ (1 / RHO) + u * low ^ (1 / RHO)) ^ RHO
  end,
  exponential = exponential,
  beta = function(u, high, low) return low + quantile(1 - u) * (high - low) end,
  ["log-linear"] = exponential,
}

local whole <const> = {
  no = function(t) return t end,
  nearest = round,
  down = math.floor,
}

-- n levels that are spread anew, and their timesteps; "log-linear" is one level
-- more, and keeps the timesteps that it finds.
local function respread(sigmas, t, n, levels, p)
  local over <const> = p.spread_over == "run" and sigmas or { levels[#levels], levels[1] }
  local high <const> = p.sigma_max > 0 and p.sigma_max or over[1]
  local low <const> = p.sigma_min > 0 and p.sigma_min or over[#over]
  local keeps <const> = p.spread == "log-linear"
  local num <const> = keeps and n + 1 or n
  for i = 1, num do
    sigmas[i] = spread[p.spread]((i - 1) / math.max(num - 1, 1), high, low)
    t[i] = keeps and (t[i] or 0) or whole[p.rounded](timestep_of(sigmas[i], levels))
  end
end

-- For networks that are told a level: evenly in the logarithm.
local function geometric(model, n)
  local sigmas <const> = { [n + 1] = 0 }
  for i = 1, n do
    sigmas[i] = exponential((i - 1) / math.max(n - 1, 1), model.sigma_max, model.sigma_min)
  end
  return sigmas
end

return diffusion.schedule {
  api = 1, name = "trained", title = _"As trained", license = "CC0-1.0",
  params = {
    { "spacing", type = "choice", default = "leading",
      choices = { "leading", "linspace", "trailing" },
      label = _"Spacing",
      help = _("Which training steps are visited: at equal distances from the first on, "
        .. "evenly from the first to the last, or at equal distances back from the last") },
    { "steps_offset", type = "integer", default = 0, min = 0,
      label = _"Offset", help = _"By how many training steps leading spacing is shifted" },
    { "points", type = "choice", default = "steps", choices = { "steps", "steps+1" },
      label = _"Points", help = _"How many are placed; the last of steps+1 is dropped" },
    { "fractional", type = "boolean", default = false,
      label = _"Fractional", help = _"Whether linspace places points between training steps" },
    { "spread", type = "choice", default = "table",
      choices = { "table", "karras", "exponential", "beta", "log-linear" },
      label = _"Spread", help = _("How levels lie between the ends: as trained, or anew; "
        .. "log-linear is exponential, told the training steps of the spacing") },
    { "spread_over", type = "choice", default = "table", choices = { "table", "run" },
      label = _"Spread over", help = _"Whose ends: of all training steps, or of those visited" },
    { "sigma_min", type = "number", default = 0, min = 0,
      label = _"Lowest level", help = _"Where a spread ends; 0: as trained" },
    { "sigma_max", type = "number", default = 0, min = 0,
      label = _"Highest level", help = _"Where a spread begins; 0: as trained" },
    { "rounded", type = "choice", default = "no", choices = { "no", "nearest", "down" },
      label = _"Rounded", help = _"What becomes of training steps that a spread lies between" },
    { "final", type = "choice", default = "zero", choices = { "zero", "sigma_min" },
      label = _"Final level", help = _"No noise, or that of the first training step" },
    { "lambda_min", type = "number", default = -1e6,
      label = _"Least lambda", help = _("Training steps of more noise, minus its logarithm being "
        .. "lambda, are not visited") },
  },

  sigmas = function(model, n, p)
    local T <const>, levels <const>, top = model.timesteps, {}, 0
    if T == 0 then return geometric(model, n) end
    for t = 1, T do
      levels[t] = math.sqrt(1 / model.alphas_cumprod[t] - 1)
      if -math.log(levels[t]) >= p.lambda_min then top = t end
    end
    if top == 0 then
      error(("lambda_min: %g leaves no training step: the model's run up to %g"):format(
        p.lambda_min, -math.log(levels[1])), 0)
    end

    local t <const> = place[p.spacing](n, p.points == "steps" and n or n + 1, top, T, p)
    local sigmas <const> = {}
    for i = 1, #t do sigmas[i] = level_of(t[i], levels) end
    if p.spread ~= "table" then respread(sigmas, t, n, levels, p) end

    if p.final == "zero" then
      sigmas[#sigmas + 1] = 0
    elseif p.spread ~= "log-linear" then -- which ends there by itself
      -- Published runs that are there already call the network once more, and stay.
      sigmas[#sigmas + 1], t[#t + 1] = math.min(levels[1], sigmas[#sigmas] * (1 - 1e-8)), 0
    end
    return { sigmas = sigmas, timesteps = t }
  end,
}
