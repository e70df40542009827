-- SPDX-License-Identifier: GPL-3.0-or-later
-- One step at a time: from x = X0 + level a times N, with Z for the new noise.
local mock <const> = require "mock"
local tap <const> = require "tap"

local ddpm <const> = mock.load(arg[1] .. "/samplers/ddpm.lua")

local X0 <const>, N <const> = 1, 2

-- Returns the result, and how often noise was drawn. The network's variance is
-- `learned`.
local function step(a, b, variance, z, learned, final_noise)
  local ctx <const> = mock.context(z)
  function ctx:learned_variance(from, to)
    assert(self == ctx and from == a and to == b)
    return mock.tensor(learned)
  end
  local y <const> = ddpm.step(ctx, mock.tensor(X0 + a * N), mock.tensor(X0), mock.tensor(N), a, b,
    mock.params(ddpm, { variance = variance, final_noise = final_noise or false }))
  return mock.value(y), ctx.noises
end

-- The deviation of what a step draws.
local function drawn(a, b, variance, learned)
  return step(a, b, variance, 1, learned) - step(a, b, variance, 0, learned)
end

-- [Ho], equation 7, for the step from abar to abar_before: x0 and x in VP, the
-- result carried over to sigma space.
local function posterior(a, b)
  local abar <const>, before <const> = 1 / (1 + a ^ 2), 1 / (1 + b ^ 2)
  local alpha <const> = abar / before
  local beta <const> = 1 - alpha
  local x <const> = math.sqrt(abar) * (X0 + a * N)
  local mean <const> = math.sqrt(before) * beta / (1 - abar) * X0
    + math.sqrt(alpha) * (1 - before) / (1 - abar) * x
  return mean / math.sqrt(before), (1 - before) / (1 - abar) * beta / before, beta / before
end

local PAIRS <const> = { { 20, 19.9 }, { 2, 1 }, { 80, 1e-3 } }
local VARIANCES <const> = { "small", "large", "learned", "greedy" }

tap.test("has the posterior's mean, whatever the variance", function()
  for _, variance in ipairs(VARIANCES) do
    for _, pair in ipairs(PAIRS) do
      local a <const>, b <const> = pair[1], pair[2]
      tap.near(step(a, b, variance, 0, 0.25), (posterior(a, b)), 1e-9)
    end
  end
end)

tap.test("draws the posterior's variance when it is small", function()
  for _, pair in ipairs(PAIRS) do
    local a <const>, b <const> = pair[1], pair[2]
    local _, small <const> = posterior(a, b)
    tap.near(drawn(a, b, "small") ^ 2 / small, 1, 1e-6)
  end
end)

tap.test("draws beta when it is large", function()
  for _, pair in ipairs(PAIRS) do
    local a <const>, b <const> = pair[1], pair[2]
    local _, _, large <const> = posterior(a, b)
    tap.near(drawn(a, b, "large") ^ 2 / large, 1, 1e-6)
  end
end)

tap.test("draws what the network has learned, and nothing where that is negative", function()
  tap.near(drawn(2, 1, "learned", 0.25), 0.5, 1e-12)
  tap.near(drawn(2, 1, "learned", -0.25), 0, 1e-12)
end)

tap.test("draws nothing when it is greedy", function()
  local _, noises <const> = step(2, 1, "greedy", 1)
  assert(noises == 0)
end)

tap.test("lands on the clean estimate in the last step", function()
  for _, variance in ipairs(VARIANCES) do
    local y <const>, noises <const> = step(0.01, 0, variance, 1, 0.25)
    assert(y == X0 and noises == 0, variance)
  end
end)

tap.test("draws in the last step where it is asked to, but for the first timestep's", function()
  local want <const> = math.sqrt(2 ^ 2 / (1 + 2 ^ 2)) -- beta, from level 2 to none
  local y <const> = step(2, 0, "large", 1, nil, true)
  tap.near(y, X0 + want, 1e-12)
  local ctx <const> = mock.context(1)
  ctx.timestep = function() return 0 end
  local last <const> = ddpm.step(ctx, mock.tensor(X0 + 2 * N), mock.tensor(X0), mock.tensor(N), 2,
    0, mock.params(ddpm, { variance = "large", final_noise = true }))
  assert(mock.value(last) == X0 and ctx.noises == 0)
end)

tap.test("keeps nothing of x from where no image is left in it", function()
  local no_image <const> = math.sqrt(2 ^ 40 - 1)
  assert(step(no_image, 790, "small", 0) == X0)
end)

tap.test("leads to the data's mean and spread, the nearer the more steps", function()
  local p <const> = mock.params(ddpm)
  local _, coarse <const> = mock.spread(ddpm, p, 50)
  local mean <const>, fine <const> = mock.spread(ddpm, p, 400)
  tap.near(mean, mock.MEAN, 1e-9)
  tap.near(fine, mock.SPREAD, 0.02 * mock.SPREAD)
  assert(math.abs(fine - mock.SPREAD) < math.abs(coarse - mock.SPREAD) / 4)
end)

tap.done()
