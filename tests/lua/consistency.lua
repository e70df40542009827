-- SPDX-License-Identifier: GPL-3.0-or-later
-- The model here is perfect: it knows where the flow of normal data leads from
-- any level to sigma_min.
local mock <const> = require "mock"
local tap <const> = require "tap"

local consistency <const> = mock.load(arg[1] .. "/samplers/consistency.lua")

local LOW <const>, HIGH <const> = 0.3, 20
local MODEL <const> = { prediction = "consistency", sigma_min = LOW, sigma_max = HIGH }
local END_SPREAD <const> = math.sqrt(mock.SPREAD ^ 2 + LOW ^ 2)

local function context(noise)
  local ctx <const> = mock.context(noise)
  ctx.model = MODEL
  function ctx.denoise(_, x, sigma)
    local flow <const> = END_SPREAD / math.sqrt(mock.SPREAD ^ 2 + sigma ^ 2)
    local x0 <const> = mock.MEAN + flow * (x - mock.MEAN)
    return x0, (x - x0) / sigma
  end
  return ctx
end

-- Returns the result, and how often noise was drawn.
local function run(sigmas, start, noise, set)
  local ctx <const> = context(noise)
  local x <const> = mock.run(consistency, ctx, mock.tensor(start), sigmas,
    mock.params(consistency, set))
  return mock.value(x), ctx.noises
end

tap.test("noises the clean estimate up to the next level, less what it has at sigma_min", function()
  local ctx <const> = context(2)
  local function step(b, set)
    return mock.value(consistency.step(ctx, mock.tensor(9), mock.tensor(1), mock.tensor(2), 20, b,
      mock.params(consistency, set)))
  end
  tap.near(step(0.5), 1 + 0.4 * 2, 1e-12) -- 0.5^2 - 0.3^2 = 0.4^2
  tap.near(step(0.5, { s_noise = 1.5 }), 1 + 1.5 * 0.4 * 2, 1e-12)
end)

tap.test("draws nothing for the last level, be it 0 or sigma_min", function()
  for _, last in ipairs { 0, LOW } do
    local y <const>, noises <const> = run({ HIGH, 1, last }, mock.MEAN, 0.7)
    assert(noises == 1)
    local at_1 <const> = mock.MEAN + math.sqrt(1 - LOW ^ 2) * 0.7
    tap.near(y, mock.MEAN + END_SPREAD / math.sqrt(mock.SPREAD ^ 2 + 1) * (at_1 - mock.MEAN), 1e-12)
  end
end)

tap.test("leads to the data's mean and spread in one step and in several", function()
  local start <const> = math.sqrt(mock.SPREAD ^ 2 + HIGH ^ 2)
  for _, sigmas in ipairs { { HIGH, 0 }, { HIGH, 5, 0 }, { HIGH, 5, 1, 0.5, 0 } } do
    local mean <const>, num_draws <const> = run(sigmas, mock.MEAN, 0)
    local variance = (run(sigmas, mock.MEAN + start, 0) - mean) ^ 2
    for k = 1, num_draws do
      variance = variance
        + (run(sigmas, mock.MEAN, function(i) return i == k and 1 or 0 end) - mean) ^ 2
    end
    tap.near(mean, mock.MEAN, 1e-12)
    tap.near(math.sqrt(variance), END_SPREAD, 1e-12)
  end
end)

tap.test("refuses models that were not distilled for it", function()
  local ctx <const> = mock.context(0)
  local ok <const>, why <const> = pcall(mock.run, consistency, ctx, mock.tensor(1), { 20, 0 },
    mock.params(consistency))
  assert(not ok and why:find("^the model is none that was distilled so: choose another"), why)
end)

tap.done()
