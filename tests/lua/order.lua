-- SPDX-License-Identifier: GPL-3.0-or-later
-- Halving the steps' length must divide the error by 2 ^ order: the order that
-- a sampler declares is a claim, and this measures it. Every sampler in the
-- folder that declares one is run, with its defaults and with the knobs below; a
-- stochastic one declares none, and has its mean and spread measured instead, in
-- its own test; so does one that chooses its own steps.
local mock <const> = require "mock"
local tap <const> = require "tap"

local START <const> = 12
local RHO <const> = 7
local WITHIN <const> = 0.1 -- of the order: what is left of a multistep method's start counts

-- Where claims depend on knobs, what to measure besides the defaults.
local SETTINGS <const> = {
  deis = { { order = 1 }, { order = 3 } },
  ["dpm-multistep"] = { { order = 1 }, { solver = "heun" } },
  ["dpm-singlestep"] = { { order = 1 }, { order = 3 }, { solver = "heun" } },
  ["dpm-solver"] = { { order = 1 } },
  ["dpmpp-2m"] = { { solver = "heun" } },
  ["dpmpp-2m-sde"] = { { eta = 0 } },
  ["dpmpp-2s"] = { { r = 0.8 } },
  ["dpmpp-3m"] = { { curvature = 0.5 } },
  ["dpmpp-sde"] = { { eta = 0 } },
  ["dpmpp-singlestep"] = { { order = 1 }, { order = 3 }, { order = 3, solver = "heun" } },
  edm = { { s_churn = 0 } },
  ["euler-ancestral"] = { { eta = 0 } },
  ["kdpm2-ancestral"] = { { eta = 0 } },
  lms = { { order = 1 }, { order = 2 }, { order = 3 } },
  pndm = { { start = "plms" }, { averages = "velocity" } },
  unipc = { { order = 1 }, { order = 3 }, { solver = "bh1" }, { predict = "noise" } },
}

-- What the model must predict for a sampler that does not take any.
local PREDICTIONS <const> = { consistency = "consistency" }

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

-- How far down the levels `sampler` misses, and how often it called the model.
local function run(sampler, p, sigmas)
  local ctx <const> = mock.context(0)
  ctx.model = setmetatable({ prediction = PREDICTIONS[sampler.name] }, { __index = ctx.model })
  local y <const> = mock.run(sampler, ctx, mock.tensor(START), sigmas, p)
  return math.abs(mock.value(y) - exact(sigmas[1], sigmas[#sigmas])), ctx.evals
end

-- n steps, without the jump to 0: it has an error of its own, which stays.
local function run_to_sigma_min(sampler, p, n)
  local sigmas <const> = levels(n + 1)
  sigmas[#sigmas] = nil
  return run(sampler, p, sigmas)
end

local function describe(sampler, set)
  local words <const> = { sampler.name }
  for name, value in pairs(set) do words[#words + 1] = ("%s=%s"):format(name, value) end
  return table.concat(words, " ")
end

local function measure(sampler, set)
  local p <const>, name <const> = mock.params(sampler, set), describe(sampler, set)
  local order <const> = mock.claim(sampler, "order", p)
  local coarse <const>, evals <const> = run_to_sigma_min(sampler, p, 64)
  local fine <const>, more_evals <const> = run_to_sigma_min(sampler, p, 128)

  tap.test(name .. " converges at the order that it declares", function()
    tap.near(math.log(coarse / fine, 2) / order, 1, WITHIN)
  end)

  tap.test(name .. " ends at a clean image", function()
    tap.near(run(sampler, p, levels(100)), 0, 0.02)
  end)

  -- Some call it more often at the start.
  tap.test(name .. " calls the model as often in a further step as it declares", function()
    local in_a_step <const> = (more_evals - evals) / 64
    assert(in_a_step == mock.claim(sampler, "evals", p), in_a_step)
  end)
end

local function is_stochastic(sampler, set)
  return mock.claim(sampler, "stochastic", mock.params(sampler, set))
end

local num_measured = 0
for path in io.popen(("find '%s/samplers' -name '*.lua' | sort"):format(arg[1])):lines() do
  local sampler <const> = mock.load(path)
  local settings <const> = SETTINGS[sampler.name] or {}
  tap.test(sampler.name .. " takes one step, to 0 or above it", function()
    for _, b in ipairs { 0, mock.model.sigma_min } do
      tap.near(run(sampler, mock.params(sampler), { mock.model.sigma_max, b }), 0, 100)
    end
  end)
  if type(sampler.order) == "function" and is_stochastic(sampler) then
    tap.test(sampler.name .. " has settings that do not draw", function() assert(settings[1]) end)
  end
  for _, set in ipairs { {}, table.unpack(settings) } do
    if not is_stochastic(sampler, set) and not sampler.adaptive then
      num_measured = num_measured + 1
      measure(sampler, set)
    end
  end
end

tap.test("there is a sampler to measure", function() assert(num_measured > 0) end)
tap.done()
