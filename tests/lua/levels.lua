-- SPDX-License-Identifier: GPL-3.0-or-later
-- The schedules that give the levels of a run themselves, against their
-- definitions worked by hand, and against what the host asks of all.
local mock <const> = require "mock"
local tap <const> = require "tap"

local MODEL <const> = { timesteps = 0, alphas_cumprod = {}, sigma_min = 0.01, sigma_max = 100 }

local function levels(name, n, set, model)
  local schedule <const> = mock.load(arg[1] .. "/schedules/" .. name .. ".lua")
  return schedule.sigmas(model or MODEL, n, mock.params(schedule, set))
end

local function expect(got, want)
  assert(#got == #want, ("%d levels, not %d"):format(#got, #want))
  for i = 1, #want do tap.near(got[i], want[i], 1e-9 * math.max(1, want[i])) end
end

-- A model with a table, as the host shows it.
local function trained_on(betas)
  local abars <const>, product = {}, 1
  for t = 1, #betas do
    product = math.max(product * (1 - betas[t]), 2 ^ -40)
    abars[t] = product
  end
  local function sigma(abar) return math.sqrt((1 - abar) / abar) end
  return { timesteps = #abars, alphas_cumprod = abars, sigma_min = sigma(abars[1]),
    sigma_max = sigma(abars[#abars]) }
end

local function linear(num, first, last)
  local betas <const> = {}
  for t = 1, num do betas[t] = first + (t - 1) / (num - 1) * (last - first) end
  return betas
end

local MODELS <const> = {
  ["the linear table"] = trained_on(linear(1000, 1e-4, 0.02)),
  ["a short table"] = trained_on(linear(10, 1e-3, 0.3)),
  ["a table that ends at noise alone"] = trained_on(linear(1000, 1e-4, 1)),
  ["a score network"] = { timesteps = 0, alphas_cumprod = {}, sigma_min = 0.01, sigma_max = 1348 },
  ["a consistency model"] = { timesteps = 0, alphas_cumprod = {}, sigma_min = 0.002,
    sigma_max = 80 },
}

-- As engine/script/levels.c has it.
local function check_levels(sigmas, model)
  assert(sigmas[1] <= 1.001 * model.sigma_max, sigmas[1])
  for i = 2, #sigmas do
    assert(sigmas[i] < sigmas[i - 1], ("level %d, %.17g, is not below %.17g"):format(i, sigmas[i],
      sigmas[i - 1]))
  end
  local last <const> = sigmas[#sigmas] == 0 and sigmas[#sigmas - 1] or sigmas[#sigmas]
  assert(last >= model.sigma_min / 1.001, last)
end

-- Schedules that depend on more than the model and the number of steps have
-- tests of their own.
local OTHERS <const> = { custom = true, trained = true }

for path in io.popen(("find '%s/schedules' -name '*.lua' | sort"):format(arg[1])):lines() do
  local schedule <const> = mock.load(path)
  local function check(n, name)
    local sigmas <const> = schedule.sigmas(MODELS[name], n, mock.params(schedule))
    local fine <const>, why <const> = pcall(check_levels, sigmas, MODELS[name])
    assert(fine, ("%s, %d steps: %s"):format(name, n, why))
    assert(#sigmas == n + 1 and sigmas[n + 1] == 0, #sigmas)
  end
  if schedule.sigmas and not OTHERS[schedule.name] then
    tap.test(schedule.name .. " falls within the model's ends in any number of steps", function()
      for name in pairs(MODELS) do
        for n = 1, 200 do check(n, name) end
        check(1000, name)
      end
    end)
  end
end

tap.test("unit-step has the roots of even strides down the steps of variance 1", function()
  local ten_thousand <const> = levels("unit-step", 4) -- steps up to a level of 100
  expect(ten_thousand, { 100, math.sqrt(7500), math.sqrt(5000), 50, 0 })
  expect(levels("unit-step", 3, nil, { sigma_min = 0.01, sigma_max = math.sqrt(3) }),
    { math.sqrt(3), math.sqrt(2), 1, 0 }) -- each of them
end)

tap.test("unit-step goes no lower than the model knows", function()
  local sigmas <const> = levels("unit-step", 101, nil, { sigma_min = 0.6, sigma_max = 1 })
  tap.near(sigmas[101], 0.6, 1e-9)
  tap.near(sigmas[51] ^ 2, (1 + 0.36) / 2, 1e-9)
end)

tap.test("geometric and exponential have levels in one ratio", function()
  for _, name in ipairs { "geometric", "exponential" } do
    expect(levels(name, 5), { 100, 10, 1, 0.1, 0.01, 0 })
    expect(levels(name, 1), { 100, 0 })
    expect(levels(name, 3, { sigma_min = 0.5, sigma_max = 8 }), { 8, 2, 0.5, 0 })
  end
end)

tap.test("geometric ends at the lowest level where it is told to", function()
  expect(levels("geometric", 4, { final = "sigma_min" }), { 100, 10, 1, 0.1, 0.01 })
  expect(levels("geometric", 1, { final = "sigma_min", sigma_min = 2 }), { 100, 2 })
end)

tap.test("karras has levels that are even in their rho-th roots", function()
  expect(levels("karras", 3, { rho = 2 }), { 100, 5.05 ^ 2, 0.01, 0 }) -- 10, 5.05, 0.1
  expect(levels("karras", 2, { rho = 1 }), { 100, 0.01, 0 })
  expect(levels("karras", 3, { rho = 1, sigma_min = 1, sigma_max = 9 }), { 9, 5, 1, 0 })
  expect(levels("karras", 1), { 100, 0 })
end)

-- Karras et al., table 1: 18 levels of their CIFAR-10 runs, from 80 to 0.002.
tap.test("karras has a rho of 7 unless told otherwise", function()
  local sigmas <const> = levels("karras", 18, { sigma_min = 0.002, sigma_max = 80 })
  for i = 1, 18 do
    local u <const> = (i - 1) / 17
    tap.near(sigmas[i] ^ (1 / 7), (1 - u) * 80 ^ (1 / 7) + u * 0.002 ^ (1 / 7), 1e-12)
  end
end)

tap.test("poly-exponential has logarithms that go as a power", function()
  expect(levels("poly-exponential", 5), { 100, 10, 1, 0.1, 0.01, 0 })
  expect(levels("poly-exponential", 3, { rho = 2 }), { 100, 0.01 * 10 ^ (4 / 4), 0.01, 0 })
  expect(levels("poly-exponential", 2, { rho = 2, sigma_min = 1, sigma_max = 4 }), { 4, 1, 0 })
end)

-- Quantiles that can be written down: sin^2(q pi / 2) at 1/2 and 1/2, q itself
-- at 1 and 1, the roots of 3 x^2 - 2 x^3 = q at 2 and 2, powers where one is 1.
tap.test("beta has levels at the distribution's quantiles", function()
  local unit <const> = { sigma_min = 1, sigma_max = 2 }
  local function quantile(alpha, beta)
    local sigmas <const> = levels("beta", 101, { alpha = alpha, beta = beta }, unit)
    return function(percent) return sigmas[101 - percent] - 1 end
  end
  local arcsine <const>, even <const>, smooth <const> = quantile(0.5, 0.5), quantile(1, 1),
    quantile(2, 2)
  for percent = 0, 100 do
    local q <const>, x <const> = percent / 100, smooth(percent)
    tap.near(arcsine(percent), math.sin(q * math.pi / 2) ^ 2, 1e-9)
    tap.near(even(percent), q, 1e-9)
    tap.near(3 * x ^ 2 - 2 * x ^ 3, q, 1e-9)
  end
  for _, power in ipairs { 0.3, 3, 10 } do
    local low <const>, high <const> = quantile(power, 1), quantile(1, power)
    for percent = 0, 100 do
      tap.near(low(percent), (percent / 100) ^ (1 / power), 1e-9)
      tap.near(high(percent), 1 - (1 - percent / 100) ^ (1 / power), 1e-9)
    end
  end
end)

-- Half of the distribution is below 1/2 by symmetry; below x near 0 there is a
-- share x^0.6 (1 + 0.4 x 0.6 / 1.6) / (0.6 B), B = G(0.6)^2 / G(1.2) = 2.415344.
tap.test("beta distributes by 0.6 and 0.6 unless told otherwise", function()
  local sigmas <const> = levels("beta", 1001, nil, { sigma_min = 1, sigma_max = 2 })
  tap.near(sigmas[501], 1.5, 1e-12)
  local x <const> = sigmas[1000] - 1
  tap.near(x ^ 0.6 * (1 + 0.15 * x) / (0.6 * 2.415344), 0.001, 1e-8)
  tap.near(sigmas[1] - sigmas[2], x, 1e-12)
end)

tap.test("beta distributes the logarithm where it is told to", function()
  expect(levels("beta", 3, { over = "log-sigma" }), { 100, 1, 0.01, 0 })
  expect(levels("beta", 5, { alpha = 1, beta = 1, over = "log-sigma" }),
    { 100, 10, 1, 0.1, 0.01, 0 })
end)

-- Levels of a recorded run, tests/fixtures/README.md: consistency_4.
tap.test("consistency visits one in every so many of the points that were trained", function()
  local model <const> = { sigma_min = 0.002, sigma_max = 80 }
  local sigmas <const> = levels("consistency", 4, nil, model)
  for i, want in ipairs { 80, 16.77989, 2.2404396, 0.131197363 } do
    tap.near(sigmas[i] / want, 1, 1e-6)
  end
  assert(sigmas[5] == 0)
  expect(levels("consistency", 3, { points = 7, rho = 1 }, { sigma_min = 1, sigma_max = 7 }),
    { 7, 5, 3, 0 })
end)

tap.test("consistency adds points where there are fewer than steps", function()
  expect(levels("consistency", 3, { points = 2, rho = 1 }, { sigma_min = 1, sigma_max = 7 }),
    { 7, 4, 1, 0 })
end)

tap.test("custom takes the levels as they are written", function()
  expect(levels("custom", 30, { levels = "14.6 7 3 1 0.3 0" }), { 14.6, 7, 3, 1, 0.3, 0 })
  expect(levels("custom", 1, { levels = " 1e2\t.5  min " }), { 100, 0.5, 0.01 })
  expect(levels("custom", 1), { 100, 14.6, 7, 3, 1, 0.3, 0 })
end)

local REFUSED <const> = {
  { "", "levels: a run needs two, where it starts and where it ends" },
  { "5", "levels: a run needs two, where it starts and where it ends" },
  { "14,6 7", "levels: entry 1, '14,6', is not a number like 0.3, nor min or max" },
  { "7 three", "levels: entry 2, 'three', is not a number like 0.3, nor min or max" },
  { "7 -1", "levels: entry 2, '-1', is not a number like 0.3, nor min or max" },
  { "0x10 1", "levels: entry 1, '0x10', is not a number like 0.3, nor min or max" },
  { "inf 1", "levels: entry 1, 'inf', is not a number like 0.3, nor min or max" },
  { "nan 1", "levels: entry 1, 'nan', is not a number like 0.3, nor min or max" },
  { "1e999 1", "levels: entry 1, inf, is above 100, the highest that the model knows (max)" },
  { "101 1", "levels: entry 1, 101, is above 100, the highest that the model knows (max)" },
  { "5 5 0", "levels: entry 2, 5, is not below entry 1, 5" },
  { "5 3 4", "levels: entry 3, 4, is not below entry 2, 3" },
  { "5 0 0", "levels: entry 3, 0, is not below entry 2, 0" },
  { "5 0.001", "levels: entry 2, 0.001, is below 0.01, the lowest that the model knows (min),"
    .. " but not 0" },
  { "0 1", "levels: entry 2, 1, is not below entry 1, 0" },
}

tap.test("custom refuses what is no list of levels, and says which entry", function()
  for _, case in ipairs(REFUSED) do
    local ok <const>, why <const> = pcall(levels, "custom", 5, { levels = case[1] })
    assert(not ok and why == case[2], ("'%s': %s"):format(case[1], tostring(why)))
  end
end)

tap.done()
