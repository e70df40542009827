-- SPDX-License-Identifier: GPL-3.0-or-later
-- One step at a time: from x = X0 + level a times N, with Z for the new noise.
local mock <const> = require "mock"
local tap <const> = require "tap"

local ancestral <const> = mock.load(arg[1] .. "/samplers/euler-ancestral.lua")

local X0 <const>, N <const> = 1, 2

-- Returns the result, and how often noise was drawn.
local function step(a, b, eta, z)
  local ctx <const> = mock.context(z)
  local y <const> = ancestral.step(ctx, mock.tensor(X0 + a * N), mock.tensor(X0), nil, a, b,
    { eta = eta })
  return mock.value(y), ctx.noises
end

-- From 4 to 2: up = 2 sqrt(3 / 4), down = 2 * 2 / 4.
tap.test("goes down to b^2 / a and up by what is missing in b^2, eta being 1", function()
  tap.near(step(4, 2, 1, 0), X0 + 1 * N, 1e-12)
  tap.near(step(4, 2, 1, 1), X0 + 1 * N + math.sqrt(3), 1e-12)
end)

tap.test("leaves noise of level b, whatever eta", function()
  for _, eta in ipairs { 0, 0.3, 1 } do
    local silent <const> = step(4, 1, eta, 0)
    local kept <const>, drawn <const> = (silent - X0) / N, step(4, 1, eta, 1) - silent
    tap.near(kept ^ 2 + drawn ^ 2, 1, 1e-12)
  end
end)

tap.test("is Euler and draws nothing when eta is 0", function()
  local y <const>, noises <const> = step(4, 1, 0, 1)
  tap.near(y, X0 + N, 1e-12)
  assert(noises == 0)
end)

tap.test("lands on the clean estimate in the last step", function()
  local y <const>, noises <const> = step(0.01, 0, 1, 1)
  tap.near(y, X0, 1e-12)
  assert(noises == 0)
end)

tap.test("leads to the data's mean and spread, the nearer the more steps", function()
  local p <const> = mock.params(ancestral)
  local _, coarse <const> = mock.spread(ancestral, p, 50)
  local mean <const>, fine <const> = mock.spread(ancestral, p, 400)
  tap.near(mean, mock.MEAN, 1e-9)
  tap.near(fine, mock.SPREAD, 0.02 * mock.SPREAD)
  assert(math.abs(fine - mock.SPREAD) < math.abs(coarse - mock.SPREAD) / 4)
end)

tap.done()
