-- SPDX-License-Identifier: GPL-3.0-or-later
local mock <const> = require "mock"
local tap <const> = require "tap"

local sampler <const> = mock.load(arg[1] .. "/samplers/predictor-corrector.lua")

-- Returns where x ends, and the context.
local function run(sigmas, x, noise, set)
  local ctx <const> = mock.context(noise)
  return mock.value(mock.run(sampler, ctx, mock.tensor(x), sigmas, mock.params(sampler, set))), ctx
end

local function score(x, sigma)
  return (mock.MEAN - x) / (mock.SPREAD ^ 2 + sigma ^ 2)
end

local A <const>, B <const> = 2, 1.5

-- Song et al., equations 46 and 47: sigma_i^2 - sigma_(i-1)^2 times the score, and
-- noise of that variance, or of the one that the chain's posterior has.
tap.test("predicts by the reversed diffusion, or along the chain", function()
  local fall <const> = A ^ 2 - B ^ 2
  local mean <const> = 7 + fall * score(7, A)
  local function predict(predictor)
    return (run({ A, B }, 7, 1.5, { correct_steps = 0, predictor = predictor }))
  end
  tap.near(predict("reverse-diffusion"), mean + math.sqrt(fall) * 1.5, 1e-12)
  tap.near(predict("ancestral"), mean + math.sqrt(B ^ 2 * fall / A ^ 2) * 1.5, 1e-12)
end)

-- Algorithm 4: eps = 2 (r |z| / |g|)^2, x + eps g + sqrt(2 eps) z; of all pixels.
tap.test("corrects in steps that follow from the norms of noise and score", function()
  local x <const>, z <const> = { 7, -3 }, { 3, 4 }
  local g <const> = { score(x[1], A), score(x[2], A) }
  local eps <const> = 2 * (0.1 * 5 / math.sqrt(g[1] ^ 2 + g[2] ^ 2)) ^ 2
  local y <const> = run({ A, B }, x, function(i) return i == 1 and z or { 0, 0 } end, { snr = 0.1 })
  for i = 1, 2 do
    local corrected <const> = x[i] + eps * g[i] + math.sqrt(2 * eps) * z[i]
    tap.near(y[i], corrected + (A ^ 2 - B ^ 2) * score(corrected, A), 1e-12)
  end
end)

tap.test("draws nothing in the last step but what corrects", function()
  local y <const>, ctx <const> = run({ A, 0 }, 7, 1.5, { correct_steps = 0 })
  tap.near(y, 7 + A ^ 2 * score(7, A), 1e-12)
  assert(ctx.noises == 0)
  local _, corrected <const> = run({ A, 0 }, 7, 1.5, { correct_steps = 3 })
  assert(corrected.noises == 3)
end)

tap.test("calls the model as often in a step as it declares", function()
  for corrections = 0, 3 do
    local _, ctx <const> = run({ 20, 5, 1, 0 }, 7, 1, { correct_steps = corrections })
    assert(ctx.evals == 3 * mock.claim(sampler, "evals", { correct_steps = corrections }))
  end
end)

-- The loop of the published ncsnpp models, on their levels from sigma_min up, with
-- what they call adjacent below the lowest being 0. Its last draw is not used.
local function published(x, num, snr, draw)
  local mean
  local function sigma(i) return 0.01 * (20 / 0.01) ^ ((i - 1) / (num - 1)) end
  local function each(f)
    local y <const> = {}
    for k = 1, #x do y[k] = f(k) end
    return y
  end
  local function norm(v)
    local sum = 0
    for k = 1, #v do sum = sum + v[k] ^ 2 end
    return math.sqrt(sum)
  end
  for i = num, 1, -1 do
    local g = each(function(k) return score(x[k], sigma(i)) end)
    local z = draw()
    local size <const> = (snr * norm(z) / norm(g)) ^ 2 * 2
    x = each(function(k) return x[k] + size * g[k] + math.sqrt(size * 2) * z[k] end)
    g, z = each(function(k) return score(x[k], sigma(i)) end), draw()
    local diffusion <const> = math.sqrt(sigma(i) ^ 2 - (i > 1 and sigma(i - 1) or 0) ^ 2)
    mean = each(function(k) return x[k] + diffusion ^ 2 * g[k] end)
    x = each(function(k) return mean[k] + diffusion * z[k] end)
  end
  return mean
end

tap.test("runs down geometric levels as published models do", function()
  local geometric <const> = mock.load(arg[1] .. "/schedules/geometric.lua")
  local start <const>, noises <const> = { 25, -8, 3 }, {}
  for i = 1, 16 do noises[i] = { math.sin(i), math.cos(3 * i), math.sin(5 * i) } end
  local num_drawn = 0
  local want <const> = published(start, 8, 0.15, function()
    num_drawn = num_drawn + 1
    return noises[num_drawn]
  end)
  local sigmas <const> = geometric.sigmas(mock.model, 8, mock.params(geometric))
  local got <const>, ctx <const> = run(sigmas, start, function(i) return noises[i] end)
  for k = 1, 3 do tap.near(got[k], want[k], 1e-9) end
  assert(num_drawn == 16 and ctx.noises == 15)
end)

local function normals(num)
  local z <const> = {}
  for i = 1, num do
    z[i] = math.sqrt(-2 * math.log(1 - math.random())) * math.cos(2 * math.pi * math.random())
  end
  return z
end

local function moments(values)
  local sum, squares = 0, 0
  for _, value in ipairs(values) do sum, squares = sum + value, squares + value ^ 2 end
  local mean <const> = sum / #values
  return mean, math.sqrt(squares / #values - mean ^ 2)
end

-- An image of many pixels, so that the norms are what they are in images. The
-- mean of 1000 is known to within 0.016, their deviation to 0.011.
local function sample(n, set)
  local NUM <const> = 1000
  math.randomseed(11)
  local start <const>, sigmas <const> = normals(NUM), { [n + 1] = 0 }
  for i = 1, NUM do start[i] = 20 * start[i] end
  for i = 1, n do sigmas[i] = 20 * (0.01 / 20) ^ ((i - 1) / (n - 1)) end
  return moments(run(sigmas, start, function() return normals(NUM) end, set))
end

tap.test("leads to the data's mean and spread", function()
  for _, set in ipairs { {}, { predictor = "ancestral", correct_steps = 0 } } do
    local mean <const>, spread <const> = sample(100, set)
    tap.near(mean, mock.MEAN, 0.05)
    tap.near(spread, mock.SPREAD, 0.04)
  end
end)

tap.done()
