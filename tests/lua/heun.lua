-- SPDX-License-Identifier: GPL-3.0-or-later
-- Against a model that takes x for the noise of x^2 / 10, worked by hand.
local mock <const> = require "mock"
local tap <const> = require "tap"

local heun <const> = mock.load(arg[1] .. "/samplers/heun.lua")

-- Where x = 3 leads, and which levels the model was asked at.
local function run(sigmas)
  local ctx <const> = mock.context_of(function(x) return x * x / 10 end, 0)
  return mock.value(mock.run(heun, ctx, mock.tensor(3), sigmas, {})), ctx.asked
end

-- At 4: x0 = 0.9, d = 2.1 / 4 = 0.525, y = 3 - 2 * 0.525 = 1.95. At 2: y0 = 0.38025,
-- d' = 1.56975 / 2 = 0.784875. The mean of both is 0.6549375.
tap.test("goes along the mean of the slopes at both ends", function()
  local y <const>, asked <const> = run { 4, 2 }
  tap.near(y, 3 - 2 * 0.6549375, 1e-12)
  assert(#asked == 2 and asked[1] == 4 and asked[2] == 2)
end)

tap.test("lands on the clean estimate in the last step, with one look", function()
  local y <const>, asked <const> = run { 2, 0 }
  tap.near(y, 0.9, 1e-12)
  assert(#asked == 1)
end)

tap.done()
