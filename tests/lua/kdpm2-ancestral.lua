-- SPDX-License-Identifier: GPL-3.0-or-later
-- Against a model that takes x for the noise of x^2 / 10, worked by hand.
local mock <const> = require "mock"
local tap <const> = require "tap"

local ancestral <const> = mock.load(arg[1] .. "/samplers/kdpm2-ancestral.lua")
local kdpm2 <const> = mock.load(arg[1] .. "/samplers/kdpm2.lua")

local NEAR <const> = 1e-7 -- the middle is 2e-9 off

-- Where x = 3 leads, and the context it ran in.
local function run(sampler, sigmas, eta, z)
  local ctx <const> = mock.context_of(function(x) return x * x / 10 end, z)
  return mock.value(mock.run(sampler, ctx, mock.tensor(3), sigmas, { eta = eta })), ctx
end

-- From 8 to 4, eta 1: up = 4 sqrt(1 - 1 / 4), down = 2, and the middle of 8 and 2
-- is 4. The slope there is 0.3924375, as in kdpm2.lua.
tap.test("goes below the next level and up to it", function()
  local y <const>, ctx <const> = run(ancestral, { 8, 4 }, 1, 1)
  tap.near(y, 3 - 6 * 0.3924375 + 2 * math.sqrt(3), NEAR)
  assert(#ctx.asked == 2 and ctx.asked[1] == 8 and ctx.noises == 1)
end)

tap.test("asks in the middle at no level of the run, though next to one", function()
  local _, ctx <const> = run(ancestral, { 4, 2 }, 1, 0)
  tap.near(ctx.asked[2], 2, NEAR)
  assert(math.abs(ctx.asked[2] / 2 - 1) > 1e-9)
end)

tap.test("is KDPM2 when eta is 0", function()
  local y <const>, ctx <const> = run(ancestral, { 4, 1, 0.5, 0 }, 0, 1)
  tap.near(y, run(kdpm2, { 4, 1, 0.5, 0 }), NEAR)
  assert(ctx.noises == 0)
end)

tap.test("lands on the clean estimate in the last step and draws nothing", function()
  local y <const>, ctx <const> = run(ancestral, { 4, 0 }, 1, 1)
  tap.near(y, 0.9, 1e-12)
  assert(#ctx.asked == 1 and ctx.noises == 0)
end)

tap.test("leads to the data's mean and spread", function()
  local mean <const>, spread <const> = mock.spread(ancestral, mock.params(ancestral), 400)
  tap.near(mean, mock.MEAN, 1e-9)
  tap.near(spread, mock.SPREAD, 0.02 * mock.SPREAD)
end)

tap.done()
