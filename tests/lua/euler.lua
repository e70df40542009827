-- SPDX-License-Identifier: GPL-3.0-or-later
-- One step at a time, for networks of each kind, against the published formulas.
local mock <const> = require "mock"
local tap <const> = require "tap"

local euler <const> = mock.load(arg[1] .. "/samplers/euler.lua")

local X <const>, OUT <const> = 3, 0.7 -- x, and what the network says of it

-- What published code takes for the clean image: x at level a or, with fresh
-- noise, at level `hat`.
local CLEAN <const> = {
  epsilon = function(x, _, hat) return x - hat * OUT end,
  v_prediction = function(x, a) return x / (a ^ 2 + 1) - a / math.sqrt(a ^ 2 + 1) * OUT end,
  sample = function() return OUT end,
}

-- Where x = X leads, and the context it ran in.
local function run(prediction, sigmas, set, z)
  local ctx <const> = mock.context_of(function(x, a) return CLEAN[prediction](x, a, a) end, z)
  ctx.model = { prediction = prediction }
  local p <const> = mock.params(euler, set)
  return mock.value(mock.run(euler, ctx, mock.tensor(X), sigmas, p)), ctx
end

-- From x at level a to b, with noise of deviation `noise` and gamma as it is.
local function published(prediction, x, a, b, gamma, noise)
  local hat <const> = a * (gamma + 1)
  local y <const> = x + noise * math.sqrt(hat ^ 2 - a ^ 2)
  return y + (y - CLEAN[prediction](y, a, hat)) / hat * (b - hat)
end

for prediction in pairs(CLEAN) do
  tap.test("steps as published with a network that predicts " .. prediction, function()
    tap.near(run(prediction, { 2, 0.5 }), published(prediction, X, 2, 0.5, 0, 0), 1e-12)
  end)

  tap.test("churns as published with a network that predicts " .. prediction, function()
    local y <const>, ctx <const> = run(prediction, { 2, 0.5 }, { s_churn = 0.3, s_noise = 1.5 }, 2)
    tap.near(y, published(prediction, X, 2, 0.5, 0.3, 1.5 * 2), 1e-12)
    assert(#ctx.asked == 1 and ctx.asked[1] == 2 and ctx.noises == 1)
  end)
end

tap.test("spreads the churn over the steps", function()
  local middle <const> = published("sample", X, 2, 1, 0.15, 1)
  local y <const>, ctx <const> = run("sample", { 2, 1, 0.5 }, { s_churn = 0.3 }, 1)
  tap.near(y, published("sample", middle, 1, 0.5, 0.15, 1), 1e-12)
  assert(ctx.noises == 2)
end)

tap.test("goes up by a factor of the root of 2 at most", function()
  tap.near(run("sample", { 2, 1 }, { s_churn = 9 }, 1),
    published("sample", X, 2, 1, math.sqrt(2) - 1, 1), 1e-12)
end)

tap.test("adds noise between its two levels only", function()
  local SIGMAS <const> = { 3, 2, 1, 0 }
  local _, all <const> = run("sample", SIGMAS, { s_churn = 1 }, 0)
  local _, middle <const> = run("sample", SIGMAS, { s_churn = 1, s_tmin = 2, s_tmax = 2 }, 0)
  assert(all.noises == 3 and middle.noises == 1)
end)

tap.test("lands on the clean estimate in the last step", function()
  tap.near(run("v_prediction", { 2, 0 }), CLEAN.v_prediction(X, 2), 1e-12)
end)

tap.test("leads to the data's mean and spread when it churns", function()
  local p <const> = mock.params(euler, { s_churn = 10 })
  local mean <const>, spread <const> = mock.spread(euler, p, 1000)
  tap.near(mean, mock.MEAN, 1e-9)
  tap.near(spread, mock.SPREAD, 0.05 * mock.SPREAD)
end)

tap.done()
