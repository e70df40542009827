-- SPDX-License-Identifier: GPL-3.0-or-later
-- Against a model that takes x for the noise of x^2 / 10, worked by hand.
local mock <const> = require "mock"
local tap <const> = require "tap"

local kdpm2 <const> = mock.load(arg[1] .. "/samplers/kdpm2.lua")

-- Where x = 3 leads, and which levels the model was asked at.
local function run(sigmas)
  local ctx <const> = mock.context_of(function(x) return x * x / 10 end, 0)
  return mock.value(mock.run(kdpm2, ctx, mock.tensor(3), sigmas, {})), ctx.asked
end

-- At 8: x0 = 0.9, d = 2.1 / 8 = 0.2625. At 4, half way in the logarithm:
-- y = 3 - 4 * 0.2625 = 1.95, y0 = 0.38025, d' = 1.56975 / 4 = 0.3924375.
tap.test("goes along the slope half way in the logarithm", function()
  local y <const>, asked <const> = run { 8, 2 }
  tap.near(y, 3 - 6 * 0.3924375, 1e-12)
  assert(#asked == 2 and asked[1] == 8 and asked[2] == 4)
end)

tap.test("lands on the clean estimate in the last step, with one look", function()
  local y <const>, asked <const> = run { 4, 0 }
  tap.near(y, 0.9, 1e-12)
  assert(#asked == 1)
end)

tap.done()
