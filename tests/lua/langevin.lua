-- SPDX-License-Identifier: GPL-3.0-or-later
local mock <const> = require "mock"
local tap <const> = require "tap"

local langevin <const> = mock.load(arg[1] .. "/samplers/langevin.lua")

-- Returns where x ends, and the context.
local function run(sigmas, x, noise, set)
  local ctx <const> = mock.context(noise)
  local y <const> = mock.run(langevin, ctx, mock.tensor(x), sigmas, mock.params(langevin, set))
  return mock.value(y), ctx
end

-- The score of normal data at a level, and the paper's move.
local function move(x, sigma, alpha, z)
  local score <const> = (mock.MEAN - x) / (mock.SPREAD ^ 2 + sigma ^ 2)
  return x + alpha / 2 * score + math.sqrt(alpha) * z
end

tap.test("moves along half the score, with noise, at the level that it goes to", function()
  local sigma <const>, epsilon <const> = 2, 5e-5 -- with sigma_L = 0.01
  local alpha <const> = epsilon * sigma ^ 2 / 0.01 ^ 2
  tap.near(run({ 4, sigma }, 7, 1.5, { rounds = 1 }), move(7, sigma, alpha, 1.5), 1e-12)
  tap.near(run({ 4, sigma }, 7, 1.5, { rounds = 2 }),
    move(move(7, sigma, alpha, 1.5), sigma, alpha, 1.5), 1e-12)
end)

tap.test("takes away what is left in the last step, and draws nothing there", function()
  local y <const>, ctx <const> = run({ 2, 0 }, 7, 1)
  tap.near(y, 7 + 2 ^ 2 * (mock.MEAN - 7) / (mock.SPREAD ^ 2 + 2 ^ 2), 1e-12) -- x + sigma^2 score
  assert(ctx.noises == 0 and ctx.evals == 1)
end)

tap.test("leaves it where it is told to", function()
  local y <const>, ctx <const> = run({ 2, 0 }, 7, 1, { denoise = false })
  assert(y == 7 and ctx.evals == 0)
end)

tap.test("calls the model as often in a step as it declares", function()
  local _, ctx <const> = run({ 20, 5, 1, 0.2 }, 7, 0, { rounds = 4 })
  assert(ctx.evals == 3 * mock.claim(langevin, "evals", { rounds = 4 }))
end)

-- A move shrinks x by 1 - k, k = step / 2 sigma^2 / (SPREAD^2 + sigma^2), and adds
-- a variance of step sigma^2: the variance v that stays is (1 - k)^2 v + step
-- sigma^2, (SPREAD^2 + sigma^2) / (1 - k / 2).
tap.test("has the spread of a level after many moves there", function()
  for _, case in ipairs { { 0.1, 10 }, { 0.2, 1 }, { 1, 0.3 } } do
    local step <const>, sigma <const> = case[1], case[2]
    local data <const> = mock.SPREAD ^ 2 + sigma ^ 2
    local k <const> = step / 2 * sigma ^ 2 / data
    local p <const> = mock.params(langevin, { step = step, rounds = math.ceil(10 / k) })
    local mean <const>, spread <const> = mock.spread(langevin, p, nil, { 20, sigma })
    tap.near(mean, mock.MEAN, 1e-6)
    tap.near(spread, math.sqrt(data / (1 - k / 2)), 1e-4 * spread)
  end
end)

tap.test("leads to the data's mean and spread, the nearer the more levels", function()
  local function spread(n)
    local sigmas <const> = { [n + 1] = 0 }
    for i = 1, n do sigmas[i] = 20 * (0.01 / 20) ^ ((i - 1) / (n - 1)) end
    return mock.spread(langevin, mock.params(langevin), nil, sigmas)
  end
  local _, coarse <const> = spread(15)
  local mean <const>, fine <const> = spread(60)
  tap.near(mean, mock.MEAN, 1e-6)
  tap.near(fine, mock.SPREAD, 0.04 * mock.SPREAD)
  assert(math.abs(fine - mock.SPREAD) < math.abs(coarse - mock.SPREAD) / 3)
end)

tap.done()
