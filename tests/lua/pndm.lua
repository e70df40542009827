-- SPDX-License-Identifier: GPL-3.0-or-later
-- On its own levels by hand; with a stride against the published algorithm, which
-- is written down here in its own scale, x_VP, and by timesteps.
local mock <const> = require "mock"
local tap <const> = require "tap"

local pndm <const> = mock.load(arg[1] .. "/samplers/pndm.lua")

-- ---- its own levels ----

-- The slope is the level's square. Returns where x = 1 leads and the context.
local function run(sigmas, set)
  local ctx <const> = mock.context_of(function(x, s) return x - s * s ^ 2 end, 0)
  return mock.value(mock.run(pndm, ctx, mock.tensor(1), sigmas, mock.params(pndm, set))), ctx
end

tap.test("starts with Runge-Kutta, the middle being that of the logarithms", function()
  local y <const>, ctx <const> = run { 8, 2 }
  tap.near(y, 1 - 6 * (64 + 2 * 16 + 2 * 16 + 4) / 6, 1e-12)
  for i, level in ipairs { 8, 4, 4, 2 } do tap.near(ctx.asked[i], level, 1e-12) end
end)

tap.test("takes three such steps, then looks once in each", function()
  local _, ctx <const> = run { 7, 6, 5, 4, 3, 2, 1 }
  assert(#ctx.asked == 3 * 4 + 3)
end)

tap.test("goes on with the weights of Adams and Bashforth", function()
  local moved <const> = run { 7, 6, 5, 4, 3 } - run { 7, 6, 5, 4 }
  tap.near(moved, -(55 * 16 - 59 * 25 + 37 * 36 - 9 * 49) / 24, 1e-9)
end)

tap.test("or starts with the mean of the slopes at both ends of a step", function()
  local y <const>, ctx <const> = run({ 4, 1 }, { start = "plms" })
  tap.near(y, 1 - 3 * (16 + 1) / 2, 1e-12)
  assert(#ctx.asked == 2)
  local _, longer <const> = run({ 4, 3, 2, 1 }, { start = "plms" })
  assert(#longer.asked == 4 and longer.asked[2] == 3 and longer.asked[3] == 3)
end)

tap.test("lands on the clean estimate in one step", function()
  tap.near(run { 4, 0 }, 1 - 4 * 4 ^ 2, 1e-12)
end)

-- ---- published levels ----

local T <const> = 50
local alphas <const> = {} -- [t + 1]
for t = 0, T - 1 do alphas[t + 1] = 0.99 * math.cos((t + 1) / (T + 3) * math.pi / 2) ^ 2 end

local function sigma_at(t)
  return math.sqrt((1 - alphas[t + 1]) / alphas[t + 1])
end

local function network(x, t)
  return 0.7 * math.sin(2 * x) + 0.01 * t
end

-- x_VP at timestep t, taken to timestep `before`.
local function previous(plan, x, t, before, output)
  local a <const>, last <const> = alphas[t + 1], plan.final == "clean" and 1 or alphas[1]
  local b <const> = before >= 0 and alphas[before + 1] or last
  if plan.velocity then output = math.sqrt(a) * output + math.sqrt(1 - a) * x end
  return math.sqrt(b / a) * x
    - (b - a) * output / (a * math.sqrt(1 - b) + math.sqrt(a * (1 - a) * b))
end

-- Adds x before each call to `seen` and what the network said first to `outputs`.
-- Returns x after three steps.
local function published_runge_kutta(plan, x, seen, outputs)
  local ts <const>, half <const> = plan.timesteps, T // #plan.timesteps // 2
  for i = 1, 3 do
    local t <const>, below <const> = ts[i], ts[i + 1]
    local middle <const> = below + half
    local told <const> = { t, middle, middle, below }
    local lands <const> = { t - half, middle, below, below }
    local y, sum = x, 0
    for k = 1, 4 do
      seen[#seen + 1] = y
      local output <const> = network(y, told[k])
      if k == 1 then outputs[#outputs + 1] = output end
      sum = sum + output * ({ 1 / 6, 1 / 3, 1 / 3, 1 / 6 })[k]
      y = previous(plan, x, t, lands[k], k < 4 and output or sum)
    end
    x = y
  end
  return x
end

local function weighted(e)
  local n <const> = #e
  if n == 1 then return e[1] end
  if n == 2 then return (3 * e[2] - e[1]) / 2 end
  if n == 3 then return (23 * e[3] - 16 * e[2] + 5 * e[1]) / 12 end
  return (55 * e[n] - 59 * e[n - 1] + 37 * e[n - 2] - 9 * e[n - 3]) / 24
end

-- Likewise, after one step.
local function published_plms(plan, x, seen, outputs)
  local ts <const>, stride <const> = plan.timesteps, T // #plan.timesteps
  outputs[1] = network(x, ts[1])
  local y <const> = previous(plan, x, ts[1], ts[1] - stride, outputs[1])
  seen[1], seen[2] = x, y
  return previous(plan, x, ts[2] + stride, ts[2], (network(y, ts[2]) + outputs[1]) / 2)
end

-- Returns x before each call of the network, and at the end.
local function published(plan, x)
  local ts <const>, seen <const>, outputs <const> = plan.timesteps, {}, {}
  local stride <const>, runge_kutta <const> = T // #ts, plan.start == "runge-kutta"
  x = (runge_kutta and published_runge_kutta or published_plms)(plan, x, seen, outputs)
  for i = runge_kutta and 4 or 2, #ts do
    seen[#seen + 1] = x
    outputs[#outputs + 1] = network(x, ts[i])
    x = previous(plan, x, ts[i], ts[i] - stride, weighted(outputs))
  end
  seen[#seen + 1] = x
  return seen
end

-- The same of our sampler.
local function ours(plan, x)
  local seen <const>, sigmas <const> = {}, {}
  for i, t in ipairs(plan.timesteps) do sigmas[i] = sigma_at(t) end
  sigmas[#sigmas + 1] = 0
  local ctx <const> = mock.context(0)
  ctx.model = { alphas_cumprod = alphas, timesteps = T }
  function ctx.timestep(_, s)
    for t = 0, T - 1 do
      if math.abs(sigma_at(t) - s) < 1e-9 then return t end
    end
    error("asked at no timestep")
  end
  function ctx.denoise(_, y, s)
    local c <const> = math.sqrt(1 + s ^ 2)
    local scaled <const> = mock.value(y) / c
    local output <const> = network(scaled, ctx:timestep(s))
    local eps <const> = plan.velocity and (output + s * scaled) / c or output
    seen[#seen + 1] = scaled
    return y - s * eps, mock.tensor(eps)
  end
  local start <const> = mock.tensor(x * math.sqrt(1 + sigmas[1] ^ 2))
  local y <const> = mock.run(pndm, ctx, start, sigmas, mock.params(pndm, {
    stride = T // #plan.timesteps, start = plan.start, final = plan.final,
    averages = plan.velocity and "velocity" or "noise",
  }))
  seen[#seen + 1] = mock.value(y)
  return seen
end

local TIMESTEPS <const> = {
  ["even steps"] = { 41, 31, 21, 11, 1 }, -- leading, T // N = 10, offset 1
  ["an odd stride"] = { 42, 35, 28, 21, 14, 7, 0 }, -- leading, T // N = 7
  ["steps longer than the stride"] = { 49, 41, 33, 24, 16, 8, 0 }, -- linspace
  ["steps that do not end at 0"] = { 49, 42, 35, 28, 20, 13, 6 }, -- trailing
}

for name, timesteps in pairs(TIMESTEPS) do
  for _, start in ipairs { "runge-kutta", "plms" } do
    for _, kind in ipairs { { final = "clean" }, { final = "first", velocity = true } } do
      local plan <const> = { timesteps = timesteps, start = start, final = kind.final,
        velocity = kind.velocity }
      local sentence <const> = ("steps as published with %s, %s, %s"):format(name, start,
        kind.velocity and "velocities, to timestep 0" or "noise, to none")
      tap.test(sentence, function()
        local got <const>, want <const> = ours(plan, 1.3), published(plan, 1.3)
        assert(#got == #want, #got)
        for i = 1, #want do tap.near(got[i], want[i], 1e-9) end
      end)
    end
  end
end

tap.test("says where a stride finds no timestep", function()
  local ok <const>, why <const> = pcall(run, { 4, 0 }, { stride = 1 }) -- the mock has no table
  assert(not ok and why:find("stride: the model has no timestep 3", 1, true), why)
end)

tap.done()
