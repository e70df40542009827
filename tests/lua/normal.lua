-- SPDX-License-Identifier: GPL-3.0-or-later
-- Derives the coefficients in shaders/params/normal.h (docs/noise.md) and looks
-- for them there. Run: lua tests/lua/normal.lua ROOT
local tap <const> = require "tap"

-- The polynomial of `degree` through f at the Chebyshev points of [0, 1], as
-- coefficients c[0] + c[1] x + ...: nearly the best there is.
local function fit(f, degree)
  local x <const>, d <const> = {}, {}
  for i = 0, degree do
    x[i] = (1 - math.cos(math.pi * (i + 0.5) / (degree + 1))) / 2
    d[i] = f(x[i])
  end
  for k = 1, degree do -- Newton's divided differences
    for i = degree, k, -1 do d[i] = (d[i] - d[i - 1]) / (x[i] - x[i - k]) end
  end

  local c <const> = { [0] = d[degree] }
  for k = degree - 1, 0, -1 do -- c := c * (x - x[k]) + d[k]
    for i = degree - k, 0, -1 do c[i] = (c[i - 1] or 0) - x[k] * (c[i] or 0) end
    c[0] = c[0] + d[k]
  end
  return c
end

-- The largest error on [0, 1].
local function error_of(c, degree, f)
  local worst = 0
  for i = 0, 10000 do
    local sum = 0
    for k = degree, 0, -1 do sum = sum * i / 10000 + c[k] end
    worst = math.max(worst, math.abs(sum - f(i / 10000)))
  end
  return worst
end

local function log_series(t)
  return t == 1 and 1 or -2 * math.log((1 + t) / 2) / (1 - t)
end

local function quarter_sine_over_t(square)
  local t <const> = math.sqrt(square)
  return t == 0 and math.pi / 2 or math.sin(math.pi / 2 * t) / t
end

local root <const> = arg[1] or "."
local file <const> = assert(io.open(root .. "/shaders/params/normal.h"))
local header <const> = file:read("a")
file:close()

-- The numbers of a function in the header, in their order.
local function numbers_in(name)
  local body <const> = assert(header:match("uint " .. name .. "%(.-\n}"))
  local list <const> = {}
  for digits in body:gmatch("0x(%x+)u") do list[#list + 1] = tonumber(digits, 16) end
  return list
end

-- Rounding in fit() moves the coefficients, all together, by a dozen units; an
-- error in one of them would show in the polynomial, which tests/unit/philox.c
-- measures.
local function check(name, f, degree, limit)
  tap.test(name .. " has the coefficients that fit", function()
    local c <const>, found <const> = fit(f, degree), numbers_in(name)
    assert(error_of(c, degree, f) < limit)
    assert(#found == degree + 1, #found .. " coefficients")
    for i = 0, degree do
      local want <const> = c[i] * (-1) ^ i * 2 ^ 31 -- the signs alternate, and the code subtracts
      local got <const> = found[degree + 1 - i]
      assert(math.abs(got - want) < 32, ("of power %d: got %d, want %.1f"):format(i, got, want))
    end
  end)
end

check("log_series", log_series, 11, 2 ^ -32)
check("quarter_sine", quarter_sine_over_t, 5, 2 ^ -35)
tap.done()
