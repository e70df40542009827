-- SPDX-License-Identifier: GPL-3.0-or-later
-- DPM-Solver and DPM-Solver++, UniPC and DEIS. They put a curve through what the
-- model said last and integrate it: here the integral is taken by Simpson's rule
-- and the curve is Lagrange's, where the scripts have closed forms and divided
-- differences.
local mock <const> = require "mock"
local tap <const> = require "tap"

local scripts <const> = {}
local function script(name)
  scripts[name] = scripts[name] or mock.load(("%s/samplers/%s.lua"):format(arg[1], name))
  return scripts[name]
end

-- ---- one run, with everything that the model says made up ----

local START <const> = 5

-- Returns x after each step down `sigmas`, if the model's k-th estimate is
-- estimates[k], of the clean image or, by `kind`, of the noise, and each draw z.
local function walk(name, set, sigmas, kind, estimates, z)
  local ctx <const>, after <const>, calls = mock.context(z or 0), {}, 0
  function ctx.denoise(_, x, sigma)
    calls = calls + 1
    local given <const> = mock.tensor(estimates[calls])
    if kind == "noise" then return x - sigma * given, given end
    return given, (x - given) / sigma
  end
  function ctx.step(_, i, y)
    after[i] = mock.value(y)
    return y
  end
  script(name).sample(ctx, mock.tensor(START), sigmas, mock.params(script(name), set))
  return after
end

local function near(got, want)
  for i = 1, #want do tap.near(got[i], want[i], 1e-9 * math.max(1, math.abs(want[i]))) end
end

-- ---- the same by quadrature ----

local function lambda(sigma) return -math.log(sigma) end

local function simpson(f, from, to)
  local n <const>, sum = 500, f(from) + f(to)
  for i = 1, n - 1 do
    sum = sum + (i % 2 == 1 and 4 or 2) * f(from + i / n * (to - from))
  end
  return sum * (to - from) / (3 * n)
end

-- The polynomial in lambda through values[j] at the levels sigmas[j], j of `nodes`.
local function through(nodes, sigmas, values)
  return function(l)
    local sum = 0
    for _, j in ipairs(nodes) do
      local weight = 1
      for _, k in ipairs(nodes) do
        if k ~= j then
          weight = weight * (l - lambda(sigmas[k])) / (lambda(sigmas[j]) - lambda(sigmas[k]))
        end
      end
      sum = sum + weight * values[j]
    end
    return sum
  end
end

-- From x at level a to level b along the flow, if the model says curve(lambda):
-- d(x / sigma^k) = x0 d(1 / sigma^k), k being 1, and 2 for the mean of the SDE;
-- and dx = k eps dsigma.
local function flow(x, a, b, kind, curve, k)
  k = k or 1
  if kind == "noise" then
    return x - k * simpson(function(l) return curve(l) * math.exp(-l) end, lambda(a), lambda(b))
  end
  local integral <const> = simpson(function(l) return k * curve(l) * math.exp(k * l) end,
    lambda(a), lambda(b))
  return b ^ k * (x / a ^ k + integral)
end

-- ---- multistep ----

local SIGMAS <const> = { 9, 4, 1.5, 1, 0.4 }
local ESTIMATES <const> = { 1, 3, 2, -1 }

-- Each step from what the last `order` estimates say, to x at each level.
local function multistep(kind, order, k)
  local x, after <const> = START, {}
  for i = 1, #SIGMAS - 1 do
    local nodes <const> = {}
    for j = math.max(1, i - order + 1), i do nodes[#nodes + 1] = j end
    x = flow(x, SIGMAS[i], SIGMAS[i + 1], kind, through(nodes, SIGMAS, ESTIMATES), k)
    after[i] = x
  end
  return after
end

local EXACT <const> = {
  { "dpmpp-2m", { solver = "heun" }, "data", 2 },
  { "dpmpp-3m", {}, "data", 3 },
  { "dpmpp-2m-sde", { solver = "heun" }, "data", 2, 2 },
  { "dpmpp-2m-sde", { solver = "heun", eta = 0 }, "data", 2 },
  { "dpmpp-3m-sde", {}, "data", 3, 2 },
  { "dpm-multistep", { order = 1 }, "noise", 1 },
  { "dpm-multistep", { solver = "heun" }, "noise", 2 },
  { "dpm-multistep-sde", { order = 1 }, "noise", 1, 2 },
  { "dpm-multistep-sde", { solver = "heun" }, "noise", 2, 2 },
  { "deis", { order = 1 }, "noise", 1 },
  { "deis", {}, "noise", 2 },
  { "deis", { order = 3 }, "noise", 3 },
}

local function describe(name, set)
  local words <const> = {}
  for key, value in pairs(set) do words[#words + 1] = (" %s=%s"):format(key, value) end
  table.sort(words)
  return name .. table.concat(words)
end

for _, case in ipairs(EXACT) do
  local name <const>, set <const>, kind <const>, order <const>, k <const> = table.unpack(case)
  tap.test(describe(name, set) .. " integrates the curve through what the model said", function()
    near(walk(name, set, SIGMAS, kind, ESTIMATES), multistep(kind, order, k))
  end)
end

-- Algorithm 2 of DPM-Solver++: x' = (b / a) x + (1 - exp(-h)) D with
-- D = (1 + 1 / (2 r)) x0 - 1 / (2 r) before, r = h_before / h.
tap.test("dpmpp-2m takes the steps of algorithm 2", function()
  local x <const> = walk("dpmpp-2m", {}, SIGMAS, "data", ESTIMATES)
  near(x, { 4 / 9 * START + 5 / 9 * 1 })
  local r <const> = math.log(9 / 4) / math.log(4 / 1.5)
  near({ x[2] }, { 1.5 / 4 * x[1] + (1 - 1.5 / 4) * (3 + (3 - 1) / (2 * r)) })
end)

tap.test("midpoint takes half of the slope, whatever the step's length", function()
  local r <const> = math.log(9 / 4) / math.log(4 / 1.5)
  for _, name in ipairs { "dpmpp-2m", "dpmpp-2m-sde", "dpmpp-3m", "dpmpp-3m-sde", "dpm-multistep",
    "dpm-multistep-sde" } do
    local kind <const> = name:find "^dpmpp" and "data" or "noise"
    local x <const> = walk(name, { solver = "midpoint" }, SIGMAS, kind, ESTIMATES)
    local k <const> = name:find "sde" and 2 or 1
    local function middle() return 3 + (3 - 1) / (2 * r) end
    near({ x[2] }, { flow(x[1], 4, 1.5, kind, middle, k) })
  end
end)

tap.test("steps of third order have no midpoint rule", function()
  for _, name in ipairs { "dpmpp-3m", "dpmpp-3m-sde" } do
    local x <const> = walk(name, { solver = "midpoint" }, SIGMAS, "data", ESTIMATES)
    local k <const> = name:find "sde" and 2 or 1
    near({ x[3] }, { flow(x[2], 1.5, 1, "data", through({ 1, 2, 3 }, SIGMAS, ESTIMATES), k) })
  end
end)

-- The integral of s^2, s from 0 to 1 over the step, weighs what the authors' code
-- halves: what that takes away.
tap.test("half of the curvature is left where published code leaves it", function()
  local function at(sigma) return math.log(1.5 / sigma) / math.log(1.5) end -- s on the third step
  local ends <const> = { at(9), at(4), 0 }
  local slopes <const> = { (3 - 1) / (ends[2] - ends[1]), (2 - 3) / (ends[3] - ends[2]) }
  local bend <const> = (slopes[2] - slopes[1]) / (ends[3] - ends[1])
  local function curve(l) return at(math.exp(-l)) ^ 2 * bend end

  for _, case in ipairs { { "dpmpp-3m", "data" }, { "dpm-multistep", "noise" } } do
    local name <const>, kind <const> = table.unpack(case)
    local set <const> = kind == "data" and { curvature = 0.5 } or { order = 3, solver = "heun" }
    local x <const> = walk(name, set, SIGMAS, kind, ESTIMATES)
    local whole <const> = flow(x[2], 1.5, 1, kind, through({ 1, 2, 3 }, SIGMAS, ESTIMATES))
    near({ x[3] }, { whole - flow(0, 1.5, 1, kind, curve) / 2 })
  end

  local x <const> = walk("dpmpp-3m-sde", { curvature = "diffusers" }, SIGMAS, "data", ESTIMATES)
  local whole <const> = flow(x[2], 1.5, 1, "data", through({ 1, 2, 3 }, SIGMAS, ESTIMATES), 2)
  near({ x[3] }, { whole - flow(0, 1.5, 1, "data", curve, 2) / 2 - bend })
end)

-- ---- singlestep ----

-- Each step from the first of the levels that it looks at.
local function singlestep(kind, order, k)
  local x <const>, after <const> = { [0] = START }, {}
  for i = 1, #SIGMAS - 1 do
    local first <const>, nodes <const> = i - (i - 1) % order, {}
    for j = first, i do nodes[#nodes + 1] = j end
    x[i] = flow(x[first - 1], SIGMAS[first], SIGMAS[i + 1], kind,
      through(nodes, SIGMAS, ESTIMATES), k)
    after[i] = x[i]
  end
  return after
end

for _, case in ipairs { { "dpmpp-singlestep", "data" }, { "dpm-singlestep", "noise" } } do
  local name <const>, kind <const> = table.unpack(case)

  tap.test(name .. " integrates the curve through what its step has seen", function()
    for order = 1, 3 do
      local x <const> = walk(name, { order = order, solver = "heun" }, SIGMAS, kind, ESTIMATES)
      near(x, singlestep(kind, order))
    end
  end)

  tap.test(name .. " has midpoint rules of second and third order", function()
    local x = walk(name, {}, SIGMAS, kind, ESTIMATES)
    local r <const> = math.log(9 / 4) / math.log(9 / 1.5)
    near({ x[2] },
      { flow(START, 9, 1.5, kind, function() return 1 + (3 - 1) / (2 * r) end) })
    x = walk(name, { order = 3 }, SIGMAS, kind, ESTIMATES)
    near({ x[3] }, { flow(START, 9, 1, kind, through({ 1, 3 }, SIGMAS, ESTIMATES)) })
  end)

  tap.test(name .. " lowered ends with a step that is not of full order", function()
    local x <const> = walk(name, { lowered = true }, SIGMAS, kind, ESTIMATES) -- 1, 2, 1, 1
    near({ x[4] }, { flow(x[3], 1, 0.4, kind, function() return -1 end) })
    local three <const>, whole <const> = { 9, 4, 1.5, 1 }, { solver = "heun" } -- 1, 2, 1
    near(walk(name, { lowered = true, solver = "heun" }, three, kind, ESTIMATES),
      walk(name, whole, three, kind, ESTIMATES))
  end)
end

tap.test("dpmpp-singlestep does so for the SDE", function()
  for order = 1, 3 do
    local set <const> = { order = order, solver = "heun", eta = 1 }
    near(walk("dpmpp-singlestep", set, SIGMAS, "data", ESTIMATES), singlestep("data", order, 2))
  end
end)

-- Algorithm 1 of DPM-Solver++.
tap.test("dpmpp-2s takes the steps of algorithm 1", function()
  for _, r in ipairs { 0.5, 0.25 } do
    local x <const> = walk("dpmpp-2s", { r = r }, { 9, 4 }, "data", { 1, 3 })
    local d <const> = (1 - 1 / (2 * r)) * 1 + 1 / (2 * r) * 3
    near(x, { 4 / 9 * START + 5 / 9 * d })
  end
end)

-- [DPM-Solver], algorithms 1 and 2, as they are printed: in VP, with
-- alpha = 1 / sqrt(1 + sigma^2) and the noise's own level sigma alpha.
local function printed(order, a, b, e)
  local function alpha(s) return 1 / math.sqrt(1 + s * s) end
  local function level(s) return s * alpha(s) end
  local h <const>, x <const> = math.log(a / b), START * alpha(a)
  local function straight(s, r) -- DDIM to s
    return alpha(s) / alpha(a) * x - level(s) * (math.exp(r * h) - 1) * e[1]
  end
  if order == 1 then return straight(b, 1) / alpha(b) end
  if order == 2 then
    return (alpha(b) / alpha(a) * x - level(b) * (math.exp(h) - 1) * e[2]) / alpha(b)
  end
  return (straight(b, 1) - level(b) / (2 / 3) * ((math.exp(h) - 1) / h - 1) * (e[3] - e[1]))
    / alpha(b)
end

tap.test("dpm-solver takes the steps that are printed", function()
  for order = 1, 3 do
    local x <const> = walk("dpm-solver", { order = order }, { 9, 4 }, "noise", { 1, 3, 2 })
    near(x, { printed(order, 9, 4, { 1, 3, 2 }) })
  end
end)

tap.test("dpm-solver 3 goes to its last look by a slope", function()
  local ctx <const>, seen <const> = mock.context(0), {}
  function ctx.denoise(_, x, sigma)
    seen[#seen + 1] = { mock.value(x), sigma }
    return x - sigma * (#seen == 1 and 1 or 3)
  end
  script("dpm-solver").sample(ctx, mock.tensor(START), { 8, 1 }, { order = 3 })
  near({ seen[2][2], seen[3][2] }, { 4, 2 })
  near({ seen[2][1] }, { START - 4 })
  near({ seen[3][1] }, { flow(START, 8, 2, "noise", through({ 1, 2 }, { 8, 4 }, { 1, 3 })) })
end)

-- Data that are -1 or 1: the perfect model is tanh(x / sigma^2), and there is a
-- third derivative to miss.
local function two_points(name, set, num_steps)
  local ctx <const>, sigmas <const> = mock.context(0), {}
  function ctx.denoise(_, x, sigma)
    local e <const> = math.exp(-2 * mock.value(x) / sigma ^ 2)
    return mock.tensor((1 - e) / (1 + e))
  end
  for i = 0, num_steps do sigmas[i + 1] = 5 * 0.12 ^ (i / num_steps) end
  local p <const> = mock.params(script(name), set)
  return mock.value(script(name).sample(ctx, mock.tensor(2.5), sigmas, p))
end

tap.test("solvers that look thrice in a step are of third order", function()
  local exact <const> = two_points("dpm-solver", { order = 3 }, 600)
  for _, case in ipairs { { "dpm-solver" }, { "dpm-singlestep", "midpoint" },
    { "dpm-singlestep", "heun" }, { "dpmpp-singlestep", "midpoint" },
    { "dpmpp-singlestep", "heun" } } do
    local name <const>, solver <const> = table.unpack(case)
    local set <const> = { order = 3, solver = solver }
    local coarse <const> = two_points(name, set, 48) - exact
    local fine <const> = two_points(name, set, 96) - exact
    tap.near(math.log(math.abs(coarse / fine), 2), 3, 0.15)
  end
end)

-- ---- UniPC ----

-- Where the solver has two or more other levels, it integrates the curve through
-- all of them, for either B(h).
-- The steps of `left` are not corrected; the last `lowered` have lower orders.
local function unipc(kind, order, solver, left, lowered)
  local function leap(x, i, nodes)
    local a <const>, b <const> = SIGMAS[i], SIGMAS[i + 1]
    if #nodes ~= 2 then
      return flow(x, a, b, kind, through(nodes, SIGMAS, ESTIMATES))
    end
    -- Half of the slope, measured by B(h).
    local h <const> = math.log(a / b) * (kind == "data" and -1 or 1)
    local size <const> = solver == "bh1" and h or math.exp(h) - 1
    local r <const> = math.log(a / SIGMAS[nodes[2]]) / math.log(a / b)
    local slope <const> = (ESTIMATES[nodes[2]] - ESTIMATES[i]) / r
    return flow(x, a, b, kind, function() return ESTIMATES[i] end)
      - (kind == "data" and 1 or b) * size * slope / 2
  end
  local x, after <const>, from, nodes = START, {}, nil, nil
  for i = 1, #SIGMAS - 1 do
    if i > 1 and not (left and left[i - 1]) then
      nodes[#nodes + 1] = i
      x = leap(from, i - 1, nodes)
    end
    nodes = {}
    local to_come <const> = #SIGMAS - i
    local most <const> = to_come <= (lowered or 0) and math.min(order, to_come) or order
    for j = i, math.max(1, i - most + 1), -1 do nodes[#nodes + 1] = j end
    from = x
    x = leap(x, i, nodes)
    after[i] = x
  end
  return after
end

for _, predict in ipairs { "data", "noise" } do
  for _, solver in ipairs { "bh1", "bh2" } do
    tap.test(("unipc predicts and corrects by the %s with %s"):format(predict, solver), function()
      for order = 1, 3 do
        local set <const> = { order = order, predict = predict, solver = solver }
        near(walk("unipc", set, SIGMAS, predict, ESTIMATES), unipc(predict, order, solver))
      end
    end)
  end
end

tap.test("unipc leaves uncorrected what it is told to", function()
  near(walk("unipc", { uncorrected = "1, 3" }, SIGMAS, "data", ESTIMATES),
    unipc("data", 2, "bh2", { [1] = true, [3] = true }))
  near(walk("unipc", { uncorrected = "2" }, SIGMAS, "data", ESTIMATES),
    unipc("data", 2, "bh2", { [2] = true }))
end)

tap.test("unipc lowers the order of as many of the last steps as it says", function()
  for lowered = 0, 2 do
    near(walk("unipc", { order = 3, lowered = lowered }, SIGMAS, "data", ESTIMATES),
      unipc("data", 3, "bh2", nil, lowered))
  end
end)

-- ---- the ends of a run ----

local SETTINGS <const> = {
  { "dpm-solver", { order = 1 } }, { "dpm-solver", { order = 2 } }, { "dpm-solver", { order = 3 } },
  { "dpm-multistep", { order = 1 } }, { "dpm-multistep", { order = 2 } },
  { "dpm-multistep", { order = 3 } }, { "dpm-multistep", { order = 3, lowered = 2 } },
  { "dpm-multistep-sde", {} }, { "dpm-multistep-sde", { order = 1 } },
  { "dpm-singlestep", {} }, { "dpm-singlestep", { order = 3 } },
  { "dpm-singlestep", { order = 3, solver = "heun", lowered = true } },
  { "dpmpp-2s", {} }, { "dpmpp-2m", {} }, { "dpmpp-2m", { solver = "heun", lowered = 1 } },
  { "dpmpp-3m", {} }, { "dpmpp-3m", { lowered = 2 } },
  { "dpmpp-2m-sde", {} }, { "dpmpp-2m-sde", { solver = "heun" } }, { "dpmpp-3m-sde", {} },
  { "dpmpp-sde", {} }, { "dpmpp-singlestep", {} }, { "dpmpp-singlestep", { eta = 1 } },
  { "dpmpp-singlestep", { order = 3 } }, { "dpmpp-singlestep", { order = 3, solver = "heun" } },
  { "deis", { order = 1 } }, { "deis", { order = 2 } }, { "deis", { order = 3 } },
  { "unipc", { order = 1 } }, { "unipc", {} }, { "unipc", { order = 3 } },
  { "unipc", { solver = "bh1" } }, { "unipc", { predict = "noise", order = 3, lowered = 2 } },
}

-- Takes `steps` steps to 0. Returns the result, and the last clean estimate.
local function run_to_zero(name, set, steps)
  local ctx <const>, last = mock.context(0.7), nil
  local denoise <const> = ctx.denoise
  function ctx.denoise(...)
    local x0 <const>, eps <const> = denoise(...)
    last = mock.value(x0)
    return x0, eps
  end
  local sigmas <const> = { [steps + 1] = 0 }
  for i = 1, steps do sigmas[i] = 20 * 0.3 ^ (i - 1) end
  local p <const> = mock.params(script(name), set)
  return mock.value(script(name).sample(ctx, mock.tensor(START), sigmas, p)), last
end

for _, case in ipairs(SETTINGS) do
  local name <const>, set <const> = table.unpack(case)
  tap.test(describe(name, set) .. " lands on the clean estimate, also in few steps", function()
    for steps = 1, 7 do
      local y <const>, x0 <const> = run_to_zero(name, set, steps)
      tap.near(y, x0, 1e-12) -- NaN is near nothing
    end
  end)

  tap.test(describe(name, set) .. " is finite where runs end above 0 and levels touch", function()
    local p <const> = mock.params(script(name), set)
    for _, sigmas in ipairs { { 9, 1 }, { 9, 4, 1 }, { 9, 4, 1, 1 - 1e-7 } } do
      local y <const> = script(name).sample(mock.context(0.7), mock.tensor(START), sigmas, p)
      assert(math.abs(mock.value(y)) < 100, mock.value(y))
    end
  end)
end

-- A step of first order is DDIM's, wherever it stands.
tap.test("lowered makes as many of the last steps of lower order as it says", function()
  local function level() return ESTIMATES[4] end
  for _, case in ipairs { { "dpmpp-2m", "data" }, { "dpmpp-3m", "data" },
    { "dpm-multistep", "noise" }, { "deis", "noise" } } do
    local name <const>, kind <const> = table.unpack(case)
    local x <const> = walk(name, { lowered = 1 }, SIGMAS, kind, ESTIMATES)
    near({ x[4] }, { flow(x[3], 1, 0.4, kind, level) })
  end
  local x = walk("dpmpp-3m", { lowered = 2 }, SIGMAS, "data", ESTIMATES)
  near({ x[3] }, { flow(x[2], 1.5, 1, "data", through({ 2, 3 }, SIGMAS, ESTIMATES)) })
  for name, set in pairs { deis = {}, ["dpm-multistep"] = { solver = "heun" } } do
    set.order, set.lowered = 3, 2
    x = walk(name, set, SIGMAS, "noise", ESTIMATES)
    near({ x[3] }, { flow(x[2], 1.5, 1, "noise", through({ 2, 3 }, SIGMAS, ESTIMATES)) })
  end
end)

-- ---- noise ----

-- The deviation of what the first step draws, from 9 to 4.
local function drawn(name, set, kind)
  local function first(z) return walk(name, set, { 9, 4 }, kind, { 1, 1 }, z)[1] end
  return first(1) - first(0)
end

tap.test("the SDE draws what each step forgets", function()
  local posterior <const> = 4 * math.sqrt(1 - (4 / 9) ^ 2)
  tap.near(drawn("dpmpp-2m-sde", {}, "data"), posterior, 1e-12)
  tap.near(drawn("dpmpp-3m-sde", {}, "data"), posterior, 1e-12)
  tap.near(drawn("dpmpp-singlestep", { eta = 1 }, "data"), posterior, 1e-12)
  tap.near(drawn("dpm-multistep-sde", {}, "noise"), math.sqrt(81 - 16), 1e-12)
  tap.near(drawn("dpmpp-2m-sde", { eta = 0.5 }, "data"), 4 * math.sqrt(1 - 4 / 9), 1e-12)
end)

tap.test("nothing is drawn when eta is 0, and the ODE is left", function()
  for _, pair in ipairs { { "dpmpp-2m-sde", "dpmpp-2m" }, { "dpmpp-sde", "dpmpp-2s" } } do
    local function refuse() error("noise was drawn") end
    near(walk(pair[1], { eta = 0 }, SIGMAS, "data", { 1, 3, 2, -1, 4, 2, 0, 1 }, refuse),
      walk(pair[2], {}, SIGMAS, "data", { 1, 3, 2, -1, 4, 2, 0, 1 }))
  end
end)

-- From 9 to 4 by way of 6: half the path's draw is 1, the rest 0, and then the
-- other way round. The variance of both is that of one draw from 9 to 4.
tap.test("dpmpp-sde draws along one path", function()
  local function go(first, second)
    local function z(i) return i == 1 and first or second end
    return walk("dpmpp-sde", {}, { 9, 4 }, "data", { 1, 1 }, z)[1]
  end
  local silent <const> = go(0, 0)
  local early <const>, late <const> = go(1, 0) - silent, go(0, 1) - silent
  tap.near(early ^ 2 + late ^ 2, 16 * (1 - (4 / 9) ^ 2), 1e-9)
  tap.near(early ^ 2 / late ^ 2, (9 - 6) / (6 - 4), 1e-9) -- its time is sigma
end)

for _, case in ipairs { { "dpmpp-2m-sde", {} }, { "dpmpp-3m-sde", {} }, { "dpmpp-sde", {} },
  { "dpm-multistep-sde", {} }, { "dpmpp-2m-sde", { eta = 0.5 } },
  { "dpmpp-singlestep", { eta = 1 }, 0.1 } } do -- forgets what it drew within a step
  local name <const>, set <const>, within <const> = table.unpack(case)
  tap.test(describe(name, set) .. " leads to the data's mean and spread", function()
    local p <const> = mock.params(script(name), set)
    local _, coarse <const> = mock.spread(script(name), p, 50)
    local mean <const>, fine <const> = mock.spread(script(name), p, 150)
    tap.near(mean, mock.MEAN, 1e-9)
    tap.near(fine, mock.SPREAD, (within or 0.02) * mock.SPREAD)
    assert(math.abs(fine - mock.SPREAD) < math.abs(coarse - mock.SPREAD) / 2,
      ("%g, then %g"):format(coarse, fine))
  end)
end

tap.done()
