-- SPDX-License-Identifier: GPL-3.0-or-later
-- The schedule of published schedulers, against numbers worked by hand; against
-- what was recorded it runs in tests/fixtures.
local mock <const> = require "mock"
local tap <const> = require "tap"

local trained <const> = mock.load(arg[1] .. "/schedules/trained.lua")

local function levels(model, n, set)
  return trained.sigmas(model, n, mock.params(trained, set))
end

-- T timesteps; level t + 1 of the table is `sigma(t)`.
local function table_of(T, sigma)
  local abars <const> = {}
  for t = 0, T - 1 do abars[t + 1] = 1 / (1 + sigma(t) ^ 2) end
  return { timesteps = T, alphas_cumprod = abars, sigma_min = sigma(0), sigma_max = sigma(T - 1) }
end

local EVEN <const> = table_of(1000, function(t) return (t + 1) / 10 end)
local DOUBLING <const> = table_of(7, function(t) return 2.0 ^ (t - 2) end) -- 1/4 .. 16

local function same(got, want, tolerance)
  assert(#got == #want, ("%d numbers, not %d"):format(#got, #want))
  for i = 1, #want do tap.near(got[i], want[i], tolerance or 1e-9) end
end

tap.test("visits the timesteps that published schedulers visit", function()
  local function t(n, set) return levels(EVEN, n, set).timesteps end
  same(t(3), { 666, 333, 0 })
  same(t(3, { steps_offset = 1 }), { 667, 334, 1 })
  same(t(5, { points = "steps+1" }), { 830, 664, 498, 332, 166 })
  same(t(3, { spacing = "linspace" }), { 999, 500, 0 }) -- 499.5, to even
  same(t(1, { spacing = "linspace" }), { 0 })
  same(t(4, { spacing = "linspace", points = "steps+1" }), { 999, 749, 500, 250 })
  same(t(3, { spacing = "linspace", fractional = true }), { 999, 499.5, 0 })
  same(t(3, { spacing = "trailing" }), { 999, 666, 332 })
  same(t(16, { spacing = "trailing" }), { 999, 937, 874, 811, 749, 687, 624, 561, 499, 437, 374,
    311, 249, 187, 124, 61 }) -- 937.5, 812.5 .. to even
end)

tap.test("stays below the last timestep, however far it is shifted", function()
  assert(levels(EVEN, 1000, { steps_offset = 7 }).timesteps[1] == 999)
end)

tap.test("takes a level between two from a straight line", function()
  local run <const> = levels(EVEN, 3, { spacing = "linspace", fractional = true })
  same(run.sigmas, { 100, 50.05, 0.1, 0 })
end)

tap.test("leaves out what has less than the least lambda", function()
  -- Levels above 10 are left out: timesteps 100 and on.
  local least <const> = -math.log(10.05)
  same(levels(EVEN, 2, { spacing = "linspace", lambda_min = least }).timesteps, { 99, 0 })
  same(levels(EVEN, 3, { spacing = "trailing", lambda_min = least }).timesteps, { 99 }) -- of 333
end)

tap.test("says so where nothing is left", function()
  local done <const>, why <const> = pcall(levels, DOUBLING, 2, { lambda_min = 2 })
  assert(not done and why:find("lambda_min: 2 leaves no training step", 1, true), why)
  assert(why:find("run up to 1.38629", 1, true), why) -- -log(1/4)
end)

tap.test("spreads levels evenly in their seventh roots, told the timesteps of the table", function()
  local run <const> = levels(DOUBLING, 3, { spread = "karras" })
  local middle <const> = ((16 ^ (1 / 7) + 0.25 ^ (1 / 7)) / 2) ^ 7
  same(run.sigmas, { 16, middle, 0.25, 0 })
  same(run.timesteps, { 6, 2 + math.log(middle, 2), 0 })
end)

tap.test("rounds the timesteps of a spread, or cuts them", function()
  -- Between the ends 1.486 and 0.820 of the roots: 1.320 ^ 7 is 6.97 or timestep
  -- 4.80, the next two are 3.44 and 1.87.
  local function t(rounded) return levels(DOUBLING, 5, { spread = "karras", rounded = rounded }) end
  same(t("no").timesteps, { 6, 4.80, 3.44, 1.87, 0 }, 0.01)
  same(t("nearest").timesteps, { 6, 5, 3, 2, 0 })
  same(t("down").timesteps, { 6, 4, 3, 1, 0 })
end)

tap.test("spreads levels between the ends of a run, or of its own", function()
  local function s(set) return levels(DOUBLING, 3, set).sigmas end
  same(s { spread = "exponential" }, { 16, 2, 0.25, 0 })
  same(s { spread = "exponential", spread_over = "run" }, { 4, 1, 0.25, 0 }) -- timesteps 4, 2, 0
  same(s { spread = "exponential", sigma_max = 9, sigma_min = 1 }, { 9, 3, 1, 0 })
end)

tap.test("spreads levels at even quantiles of a beta distribution", function()
  local run <const> = levels(DOUBLING, 5, { spread = "beta" })
  local u <const> = (run.sigmas[4] - 0.25) / 15.75
  same(run.sigmas, { 16, 0.25 + (1 - u) * 15.75, 8.125, 0.25 + u * 15.75, 0.25, 0 })
  -- A quarter of the mass lies below u: midpoints of u^(-2/5) (1 - u)^(-2/5), in
  -- v = u^(3/5), in which the first factor is constant.
  local function mass(x)
    local sum, num <const> = 0, 20000
    for i = 1, num do
      local v <const> = (i - 0.5) / num * x ^ 0.6
      sum = sum + (1 - v ^ (1 / 0.6)) ^ -0.4
    end
    return sum * x ^ 0.6 / num
  end
  tap.near(mass(u) / (2 * mass(0.5)), 0.25, 1e-7)
end)

tap.test("ends at no noise, or at the first level, which it steps to even from there", function()
  local function s(set) return levels(DOUBLING, 2, set).sigmas end
  same(s { spacing = "linspace" }, { 16, 0.25, 0 })
  same(s { spacing = "linspace", final = "sigma_min" }, { 16, 0.25, 0.25 * (1 - 1e-8) })
  same(s { spread = "karras", final = "sigma_min" }, { 16, 0.25, 0.25 * (1 - 1e-8) })
  same(s { spacing = "trailing", final = "sigma_min" }, { 16, 2, 0.25 })
  same(levels(DOUBLING, 2, { spacing = "trailing", final = "sigma_min" }).timesteps, { 6, 3, 0 })
end)

tap.test("keeps the timesteps of the spacing beside levels that are log-linear", function()
  local run <const> = levels(DOUBLING, 3, { spread = "log-linear", spacing = "linspace",
    final = "sigma_min" })
  same(run.sigmas, { 16, 4, 1, 0.25 })
  same(run.timesteps, { 6, 3, 0, 0 })
end)

tap.test("spaces the levels of a score network evenly in their logarithms", function()
  local model <const> = { timesteps = 0, alphas_cumprod = {}, sigma_min = 0.01, sigma_max = 100 }
  same(levels(model, 3), { 100, 1, 0.01, 0 })
end)

tap.done()
