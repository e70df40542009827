-- SPDX-License-Identifier: GPL-3.0-or-later
local mock <const> = require "mock"
local tap <const> = require "tap"

local flow <const> = mock.load(arg[1] .. "/samplers/probability-flow.lua")

local HIGH <const>, LOW <const> = mock.model.sigma_max, mock.model.sigma_min
local START <const> = { -25, -3, 0.1, 12, 30 }

-- Where the flow takes x on its way from level a to level b.
local function exact(x, a, b)
  local var <const> = mock.SPREAD ^ 2
  return mock.MEAN + (x - mock.MEAN) * math.sqrt((var + b ^ 2) / (var + a ^ 2))
end

-- How far the pixels are from where they should be, at most.
local function miss(x, level)
  local worst = 0
  for i, start in ipairs(START) do
    worst = math.max(worst, math.abs(x[i] - exact(start, HIGH, level)))
  end
  return worst
end

-- n levels in one ratio, the last `low`; then 0.
local function levels(n, low)
  local sigmas <const> = { [n + 1] = 0 }
  for i = 1, n do sigmas[i] = HIGH * (low / HIGH) ^ ((i - 1) / math.max(n - 1, 1)) end
  return sigmas
end

-- Returns the context, which has where x was at the end of step i in x[i], and the
-- steps in their order.
local function run(sigmas, set, denoise)
  local ctx <const> = mock.context(0)
  ctx.denoise = denoise or ctx.denoise
  ctx.x, ctx.steps = {}, {}
  local step <const> = ctx.step
  function ctx:step(i, y)
    self.x[i] = mock.value(y)
    self.steps[#self.steps + 1] = i
    return step(self, i, y)
  end
  local y <const> = mock.run(flow, ctx, mock.tensor(START), sigmas, mock.params(flow, set))
  ctx.result = mock.value(y)
  return ctx
end

-- most = 1 leaves it one step from each level to the next.
tap.test("takes steps of the third order", function()
  local function one_step(to)
    return miss(run({ HIGH, to }, { most = 1 }).result, to)
  end
  -- The error of a step from a to b is of the order of (a - b)^4.
  tap.near(math.log(one_step(HIGH * 0.98) / one_step(HIGH * 0.99), 2), 4, 0.1)
end)

tap.test("is as exact as it is asked to be", function()
  for _, n in ipairs { 1, 4, 20, 200 } do
    for _, tolerance in ipairs { 1e-2, 1e-3, 1e-5 } do
      local ctx <const> = run(levels(n, LOW), { rtol = tolerance, atol = tolerance })
      local off <const> = miss(ctx.result, 0)
      assert(off < 20 * tolerance, ("%d levels, %g: %g"):format(n, tolerance, off))
    end
  end
end)

tap.test("calls the model less often the less it is asked for", function()
  local function evals(tolerance)
    return run(levels(100, LOW), { rtol = tolerance, atol = tolerance }).evals
  end
  assert(evals(1e-2) < evals(1e-3) and evals(1e-3) < evals(1e-5))
  assert(evals(1e-3) < 60, evals(1e-3))
end)

tap.test("lets a step err by either tolerance", function()
  local function evals(rtol, atol)
    return run(levels(100, LOW), { rtol = rtol, atol = atol }).evals
  end
  local exact_evals <const> = evals(1e-7, 1e-7)
  assert(evals(1e-2, 1e-7) < exact_evals / 4)
  assert(evals(1e-7, 1e-2) < exact_evals / 4)
end)

tap.test("ends steps at levels of the run, and passes over some", function()
  local sigmas <const> = levels(100, LOW)
  local ctx <const> = run(sigmas)
  for k, i in ipairs(ctx.steps) do
    assert(k == 1 or i > ctx.steps[k - 1])
    assert(miss(ctx.x[i], sigmas[i + 1]) < 0.02 * math.max(1, sigmas[i + 1]), i)
  end
  assert(#ctx.steps < 30 and ctx.steps[#ctx.steps] == 100)
end)

tap.test("goes in between where levels are far apart, down to what the model knows", function()
  local lowest = math.huge
  local inner <const> = mock.context(0)
  local ctx <const> = run({ HIGH, 5, 0 }, {}, function(_, x, sigma)
    lowest = math.min(lowest, sigma)
    return inner:denoise(x, sigma)
  end)
  assert(#ctx.steps == 2)
  assert(miss(ctx.x[1], 5) < 0.05)
  assert(lowest == LOW, lowest)
  assert(miss(ctx.result, 0) < 0.02)
end)

tap.test("ends at a last level above 0", function()
  local ctx <const> = run({ HIGH, 5, 2 })
  assert(#ctx.steps == 2 and miss(ctx.result, 2) < 0.02)
end)

tap.test("notes how often it called the model", function()
  local ctx <const> = run(levels(10, LOW))
  assert(ctx.notes.evaluations == ctx.evals and ctx.logged == "")
end)

-- Nothing here can be estimated: no step is ever short enough.
local function rough(ctx, x, sigma)
  ctx.evals = ctx.evals + 1
  return x + 1e3 * sigma * (ctx.evals % 2 * 2 - 1)
end

local function not_a_number(ctx, x)
  ctx.evals = ctx.evals + 1
  return x * (0 / 0)
end

tap.test("comes to an end whatever the model says, and says so", function()
  for _, denoise in ipairs { rough, not_a_number } do
    local ctx <const> = run(levels(10, LOW), { most = 50 }, denoise)
    assert(ctx.evals < 3 * (2 * 50 + 10) + 50, ctx.evals)
    assert(ctx.logged:find("^%d+ of %d+ steps are less exact than asked for\n$"), ctx.logged)
  end
end)

tap.done()
