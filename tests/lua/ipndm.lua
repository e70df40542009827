-- SPDX-License-Identifier: GPL-3.0-or-later
-- Against a model whose slope is the level's fourth power: 2401, 1296, 625, 256 at
-- 7, 6, 5, 4.
local mock <const> = require "mock"
local tap <const> = require "tap"

local ipndm <const> = mock.load(arg[1] .. "/samplers/ipndm.lua")

-- How far x goes in each step.
local function moves(sigmas)
  local ctx <const> = mock.context_of(function(x, s) return x - s * s ^ 4 end, 0)
  local list <const>, at = {}, 1
  function ctx.step(_, i, y)
    list[i], at = mock.value(y) - at, mock.value(y)
    return y
  end
  mock.run(ipndm, ctx, mock.tensor(at), sigmas, {})
  return list
end

tap.test("weighs the last slopes as Adams and Bashforth do, as many as there are", function()
  local moved <const> = moves { 7, 6, 5, 4, 3 }
  tap.near(moved[1], -2401, 1e-9)
  tap.near(moved[2], -(3 * 1296 - 2401) / 2, 1e-9)
  tap.near(moved[3], -(23 * 625 - 16 * 1296 + 5 * 2401) / 12, 1e-9)
  tap.near(moved[4], -(55 * 256 - 59 * 625 + 37 * 1296 - 9 * 2401) / 24, 1e-9)
end)

tap.test("forgets all but four slopes", function()
  local moved <const> = moves { 7, 6, 5, 4, 3, 2 }
  tap.near(moved[5], -(55 * 81 - 59 * 256 + 37 * 625 - 9 * 1296) / 24, 1e-9)
end)

tap.test("weighs them so whatever the steps' length", function()
  local moved <const> = moves { 7, 6, 5, 4, 1 }
  tap.near(moved[4], -3 * (55 * 256 - 59 * 625 + 37 * 1296 - 9 * 2401) / 24, 1e-9)
end)

tap.test("lands on the clean estimate in one step", function()
  tap.near(moves { 2, 0 }[1], -2 * 2 ^ 4, 1e-12)
end)

tap.done()
