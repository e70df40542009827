-- SPDX-License-Identifier: GPL-3.0-or-later
-- Against models whose slope is a polynomial in the level: what a method of order
-- k makes of one of degree k - 1 is exact, once it has k slopes.
local mock <const> = require "mock"
local tap <const> = require "tap"

local lms <const> = mock.load(arg[1] .. "/samplers/lms.lua")

local UNEVEN <const> = { 9, 7, 4, 3.5, 1, 0.2, 0 }

-- How far x goes in each step where the slope is level ^ degree.
local function moves(order, degree, sigmas)
  local ctx <const> = mock.context_of(function(x, s) return x - s * s ^ degree end, 0)
  local list <const>, at = {}, 1
  function ctx.step(_, i, y)
    list[i], at = mock.value(y) - at, mock.value(y)
    return y
  end
  mock.run(lms, ctx, mock.tensor(at), sigmas, { order = order })
  return list
end

local function integral(degree, a, b)
  return (b ^ (degree + 1) - a ^ (degree + 1)) / (degree + 1)
end

for order = 1, 4 do
  tap.test(("of order %d integrates degree %d exactly"):format(order, order - 1), function()
    local moved <const> = moves(order, order - 1, UNEVEN)
    for i = order, #UNEVEN - 1 do
      tap.near(moved[i], integral(order - 1, UNEVEN[i], UNEVEN[i + 1]), 1e-9)
    end
  end)

  tap.test(("of order %d does not integrate degree %d"):format(order, order), function()
    local off <const> = moves(order, order, UNEVEN)[5] - integral(order, UNEVEN[5], UNEVEN[6])
    assert(math.abs(off) > 1e-3, off)
  end)
end

tap.test("starts with lower orders", function()
  local moved <const> = moves(4, 2, UNEVEN)
  tap.near(moved[1], (7 - 9) * 9 ^ 2, 1e-9) -- Euler
  tap.near(moved[3], integral(2, 4, 3.5), 1e-9) -- order 3
end)

-- Slopes of level ^ 4 at 4, 5, 6 and 7: 256, 625, 1296 and 2401, over 24.
tap.test("has the weights of Adams and Bashforth where steps are even", function()
  local moved <const> = moves(4, 4, { 7, 6, 5, 4, 3 })
  tap.near(moved[4], -(55 * 256 - 59 * 625 + 37 * 1296 - 9 * 2401) / 24, 1e-9)
end)

tap.done()
