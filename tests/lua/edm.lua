-- SPDX-License-Identifier: GPL-3.0-or-later
-- Against a model that takes x for the noise of x^2 / 10, worked by hand.
local mock <const> = require "mock"
local tap <const> = require "tap"

local edm <const> = mock.load(arg[1] .. "/samplers/edm.lua")
local heun <const> = mock.load(arg[1] .. "/samplers/heun.lua")

-- Where x = 3 leads, and the context it ran in.
local function run(sampler, sigmas, set, z)
  local ctx <const> = mock.context_of(function(x) return x * x / 10 end, z)
  local p <const> = mock.params(sampler, set)
  return mock.value(mock.run(sampler, ctx, mock.tensor(3), sigmas, p)), ctx
end

local ALWAYS <const> = { s_churn = 0.25, s_tmin = 0, s_tmax = 80, s_noise = 1 }

local function with(key, value)
  local set <const> = {}
  for k, v in pairs(ALWAYS) do set[k] = v end
  set[key] = value
  return set
end

-- One step, so gamma is 0.25: from 2 up to 2.5, x = 3 + sqrt(2.5^2 - 2^2) = 4.5. There
-- x0 = 2.025, d = 0.99, y = 4.5 - 1.5 * 0.99 = 3.015; at 1, y0 = 0.9090225, d' = 2.1059775.
tap.test("adds noise, asks the model there, and goes down by Heun", function()
  local y <const>, ctx <const> = run(edm, { 2, 1 }, ALWAYS, 1)
  tap.near(y, 4.5 - 1.5 * (0.99 + 2.1059775) / 2, 1e-12)
  tap.near(ctx.asked[1], 2.5, 1e-12)
  assert(#ctx.asked == 2 and ctx.asked[2] == 1 and ctx.noises == 1)
end)

tap.test("scales the noise that it adds, not the level", function()
  local _, ctx <const> = run(edm, { 2, 0 }, with("s_noise", 0.5), 1)
  tap.near(ctx.asked[1], 2.5, 1e-12)
  tap.near(run(edm, { 2, 0 }, with("s_noise", 0.5), 1), (3 + 0.75) ^ 2 / 10, 1e-12)
end)

tap.test("spreads the churn over the steps", function()
  local _, ctx <const> = run(edm, { 2, 1, 0 }, with("s_churn", 0.5), 0)
  tap.near(ctx.asked[1], 2.5, 1e-12)
  tap.near(ctx.asked[3], 1.25, 1e-12)
end)

tap.test("goes up by a factor of the root of 2 at most", function()
  local _, ctx <const> = run(edm, { 2, 0 }, with("s_churn", 40), 0)
  tap.near(ctx.asked[1], math.sqrt(8), 1e-12)
end)

tap.test("adds noise between its two levels only", function()
  local _, above <const> = run(edm, { 2, 1, 0 }, with("s_tmax", 1), 0)
  assert(above.asked[1] == 2 and above.asked[3] > 1 and above.noises == 1)
  local _, below <const> = run(edm, { 2, 1, 0 }, with("s_tmin", 2), 0)
  assert(below.asked[1] > 2 and below.asked[3] == 1 and below.noises == 1)
end)

tap.test("is Heun without churn", function()
  local y <const>, ctx <const> = run(edm, { 4, 1, 0.5, 0 }, with("s_churn", 0), 1)
  tap.near(y, run(heun, { 4, 1, 0.5, 0 }, {}, 0), 1e-12)
  assert(ctx.noises == 0)
end)

tap.test("leads to the data's mean and spread", function()
  local mean <const>, spread <const> = mock.spread(edm, mock.params(edm, with("s_churn", 40)), 100)
  tap.near(mean, mock.MEAN, 1e-9)
  tap.near(spread, mock.SPREAD, 0.02 * mock.SPREAD)
end)

tap.done()
