-- SPDX-License-Identifier: GPL-3.0-or-later
-- Halving the steps' length must divide the error by 2 ^ order: the order that
-- a sampler declares is a claim, and this measures it. Every sampler in the
-- folder that declares one is run, with its defaults; a stochastic one declares
-- none, and has its mean and spread measured instead, in its own test.
local mock <const> = require "mock"
local tap <const> = require "tap"

local START <const> = 12
local RHO <const> = 7

-- Where the probability flow takes START on its way from level a to level b.
local function exact(a, b)
  local var <const> = mock.SPREAD ^ 2
  return mock.MEAN + (START - mock.MEAN) * math.sqrt((var + b ^ 2) / (var + a ^ 2))
end

-- n levels from sigma_max to sigma_min, evenly spaced in their 7th roots; then 0.
local function levels(n)
  local high <const> = mock.model.sigma_max ^ (1 / RHO)
  local low <const> = mock.model.sigma_min ^ (1 / RHO)
  local sigmas <const> = { [n + 1] = 0 }
  for i = 1, n do sigmas[i] = (high + (i - 1) / (n - 1) * (low - high)) ^ RHO end
  return sigmas
end

-- How far down the levels `sampler` misses, and the context it ran in.
local function run(sampler, sigmas)
  local ctx <const> = mock.context(0)
  local y <const> = mock.run(sampler, ctx, mock.tensor(START), sigmas, mock.params(sampler))
  return math.abs(mock.value(y) - exact(sigmas[1], sigmas[#sigmas])), ctx
end

-- n steps, without the jump to 0: it has an error of its own, which stays.
local function run_to_sigma_min(sampler, n)
  local sigmas <const> = levels(n + 1)
  sigmas[#sigmas] = nil
  return run(sampler, sigmas)
end

local function measure(sampler)
  tap.test(sampler.name .. " converges at the order that it declares", function()
    local coarse <const> = run_to_sigma_min(sampler, 64)
    local fine <const> = run_to_sigma_min(sampler, 128)
    tap.near(math.log(coarse / fine, 2), sampler.order, 0.1)
  end)

  tap.test(sampler.name .. " ends at a clean image", function()
    tap.near(run(sampler, levels(100)), 0, 0.02)
  end)

  tap.test(sampler.name .. " calls the model as often as it declares", function()
    local _, ctx <const> = run_to_sigma_min(sampler, 64)
    assert(ctx.evals == 64 * sampler.evals, ctx.evals)
  end)
end

local num_measured = 0
for path in io.popen(("find '%s/samplers' -name '*.lua' | sort"):format(arg[1])):lines() do
  local sampler <const> = mock.load(path)
  if not sampler.stochastic then
    num_measured = num_measured + 1
    measure(sampler)
  end
end

tap.test("there is a sampler to measure", function() assert(num_measured > 0) end)
tap.done()
