-- SPDX-License-Identifier: GPL-3.0-or-later
-- The training schedules, against their definitions worked by hand.
local mock <const> = require "mock"
local tap <const> = require "tap"

local function load(name)
  return mock.load(arg[1] .. "/schedules/" .. name .. ".lua")
end

local function betas(name, n, set, model)
  local schedule <const> = load(name)
  return schedule.betas(n, mock.params(schedule, set), model)
end

-- What is left of the image's variance after each step.
local function left(b)
  local product, abars <const> = 1, {}
  for t = 1, #b do
    product = product * (1 - b[t])
    abars[t] = product
  end
  return abars
end

tap.test("linear goes evenly from 1e-4 to 0.02", function()
  local b <const> = betas("linear", 1000)
  assert(#b == 1000)
  tap.near(b[1], 1e-4, 1e-15)
  tap.near(b[1000], 0.02, 1e-15)
  tap.near(b[500], 1e-4 + 499 / 999 * 0.0199, 1e-15)
  tap.near(left(b)[1000], 4.0358e-5, 1e-9) -- tests/fixtures/tables/betas.safetensors
end)

tap.test("linear takes its ends from its knobs", function()
  local b <const> = betas("linear", 3, { beta_start = 0.1, beta_end = 0.3 })
  tap.near(b[2], 0.2, 1e-15)
  tap.near(betas("linear", 1, { beta_start = 0.1 })[1], 0.1, 1e-15)
end)

for _, name in ipairs { "linear", "scaled-linear", "cosine", "sigmoid", "sqrt-complement" } do
  tap.test(name .. " has as many steps as its knob says, whatever the model has", function()
    local b <const> = betas(name, 1000, { timesteps = 200 })
    local of_such_a_model <const> = betas(name, 200)
    assert(#b == 200)
    for i = 1, 200 do assert(b[i] == of_such_a_model[i]) end
  end)
end

tap.test("linear in 200 steps goes evenly between its ends", function()
  local b <const> = betas("linear", 1000, { timesteps = 200 })
  tap.near(b[1], 1e-4, 1e-15)
  tap.near(b[101], 1e-4 + 100 / 199 * 0.0199, 1e-15)
  tap.near(b[200], 0.02, 1e-15)
  tap.near(left(b)[200], 0.1322, 1e-4) -- exp of minus the sums of b, b^2 / 2 and b^3 / 3
end)

-- 1 / (1 + e^x) at 6, 0 and -6: 0.00247262, 1 / 2 and 0.99752738.
tap.test("sigmoid goes from sigmoid(-6) to sigmoid(6) of the way between its ends", function()
  local b <const> = betas("sigmoid", 3, { beta_start = 0.1, beta_end = 0.3 })
  tap.near(b[1], 0.1 + 0.2 * 0.00247262, 1e-9)
  tap.near(b[2], 0.2, 1e-15)
  tap.near(b[3], 0.1 + 0.2 * 0.99752738, 1e-9)
  tap.near(betas("sigmoid", 1, { beta_end = 0.5 })[1], 1e-4 + 0.4999 * 0.00247262, 1e-8)
end)

tap.test("scaled-linear has roots that grow evenly", function()
  local b <const> = betas("scaled-linear", 1000)
  tap.near(b[1], 0.00085, 1e-15)
  tap.near(b[1000], 0.012, 1e-15)
  tap.near(2 * b[2] ^ 0.5, b[1] ^ 0.5 + b[3] ^ 0.5, 1e-15)
end)

-- f(u) = cos^2((u + 0.008) / 1.008 pi / 2), and f(0) is nearly 1.
tap.test("cosine leaves f(t / T) / f(0) of the image, but never less than 0.001 of it", function()
  local function f(u) return math.cos((u + 0.008) / 1.008 * math.pi / 2) ^ 2 end
  local b <const> = betas("cosine", 100)
  local abars <const> = left(b)
  for _, t in ipairs { 1, 50, 99 } do tap.near(abars[t], f(t / 100) / f(0), 1e-12) end
  tap.near(b[100], 0.999, 1e-15) -- 1 without the bound
end)

tap.test("sqrt-complement has the amplitude that is the root of 1 - 0.02 t / T", function()
  local b <const> = betas("sqrt-complement", 50)
  for _, t in ipairs { 1, 25, 50 } do
    tap.near(math.sqrt(1 - b[t]), math.sqrt(1 - 0.02 * t / 50), 1e-15)
  end
end)

local function check_any_length(schedule)
  for _, n in ipairs { 1, 2, 50, 1000 } do
    local abars <const> = {}
    for t = 1, n do abars[t] = 1 - t / (n + 1) end
    local b <const> = schedule.betas(n, mock.params(schedule),
      { timesteps = n, alphas_cumprod = abars })
    assert(#b > 0)
    for _, beta in ipairs(b) do assert(beta > 0 and beta <= 1, beta) end
  end
end

for path in io.popen(("find '%s/schedules' -name '*.lua' | sort"):format(arg[1])):lines() do
  local schedule <const> = mock.load(path)
  if schedule.betas then
    tap.test(schedule.name .. " has betas above 0 that are at most 1, for any T", function()
      check_any_length(schedule)
    end)
  end
end

tap.done()
