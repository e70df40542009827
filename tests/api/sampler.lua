-- SPDX-License-Identifier: GPL-3.0-or-later
-- A call of every function that a sampler can call, by its name in the manual,
-- and what comes of it; and of wrong arguments. calls.c runs them one by one, in
-- the sandbox, against the host in tests/unit/script_host.h: x is one image of six
-- elements, the model's clean estimate is x / 2. The build fails if a function is
-- not here.

local calls <const> = {}

local function same(y, z)
  assert((y - z):absmax() < 1e-6)
end

-- f(...) raises a message with this text in it, and with the line where it was.
local function refuses(text, f, ...)
  local ok <const>, message <const> = pcall(f, ...)
  assert(not ok, "not refused: " .. text)
  assert(message:find(text, 1, true), message)
end

local function refuses_here(text, f)
  refuses(text, f)
  local _, message <const> = pcall(f)
  assert(message:find("^sampler%.lua:%d+: "), message)
end

-- ---- ctx ----

calls["ctx:denoise"] = function(ctx, x)
  local x0 <const>, eps <const> = ctx:denoise(x, 4)
  same(x0, x / 2)
  same(eps, x / 8)
  same(ctx:denoise(x, 1, { guidance = 2, class = "7" }), x / 2)
  refuses_here("a finite level above 0 expected, got 0", function() ctx:denoise(x, 0) end)
  refuses_here("tensor expected, got number", function() ctx:denoise(1, 1) end)
  refuses_here("table expected, got number", function() ctx:denoise(x, 1, 2) end)
  refuses_here("denoise: unknown key 'w'", function() ctx:denoise(x, 1, { w = 2 }) end)
  refuses_here("with a colon", function() ctx.denoise(x, 1) end)
end

calls["ctx:step"] = function(ctx, x)
  same(ctx:step(1, x + 1), x + 1)
  same(ctx:step(2, x + 2, x), x + 2)
  refuses_here("step 1 of 3 after step 2", function() ctx:step(1, x) end)
  refuses_here("number has no integer representation", function() ctx:step(2.5, x) end)
  refuses_here("tensor expected, got nil", function() ctx:step(3, nil) end)
  refuses_here("tensor expected, got number", function() ctx:step(3, x, 0) end)
end

calls["ctx:noise"] = function(ctx, x) -- this host's is 10 step + stream
  same(ctx:noise(), x - x + 1)
  same(ctx:noise(), x - x + 2)
  same(ctx:noise(40), x - x + 40)
  refuses_here("a stream from 0 to 65535 expected, got 65536", function() ctx:noise(65536) end)
  refuses_here("number expected, got string", function() ctx:noise("first") end)
end

calls["ctx:timestep"] = function(ctx) -- this host's is 100 sigma
  assert(ctx:timestep(1.5) == 150 and ctx:timestep(0) == 0)
  refuses_here("a finite level, 0 or above, expected, got -1", function() ctx:timestep(-1) end)
  refuses_here("number expected, got no value", function() ctx:timestep() end)
end

calls["ctx:predict"] = function(ctx, x) -- this host's is (10 + t) x
  same(ctx:predict(x, 3), 13 * x)
  refuses_here("timestep 4 is not an integer from 0 to 3", function() ctx:predict(x, 4) end)
  refuses_here("timestep 0.5 is not an integer", function() ctx:predict(x, 0.5) end)
  refuses_here("number expected, got nil", function() ctx:predict(x, nil) end)
end

calls["ctx:learned_variance"] = function(ctx, x) -- this host's is 10 a + b
  same(ctx:learned_variance(2, 1), x - x + 21)
  refuses_here("a level from 0 to below the first expected, got 2",
    function() ctx:learned_variance(1, 2) end)
  refuses_here("a finite level above 0 expected", function() ctx:learned_variance(1 / 0, 1) end)
  refuses_here("number expected, got no value", function() ctx:learned_variance(1) end)
end

calls["ctx:note"] = function(ctx)
  ctx:note("key", 1.5)
  ctx:note("other", true)
  refuses_here("a text, a number or a boolean expected", function() ctx:note("key", {}) end)
  refuses_here("string expected, got table", function() ctx:note({}, 1) end)
  refuses_here("a note must be UTF-8", function() ctx:note("key", "\xff") end)
end

calls["ctx:log"] = function(ctx)
  ctx:log("hello")
  ctx:log({})
  refuses_here("value expected", function() ctx:log() end)
end

-- ---- tensors, and numbers ----

calls["__add"] = function(_, x)
  same(x + x, 2 * x)
  same(1 + x, x + 1)
  refuses_here("tensor or number expected, got nil", function() return x + nil end)
  refuses_here("tensor or number expected, got string", function() return x + "1" end)
end

calls["__sub"] = function(_, x)
  same(x - 1, x + -1)
  same(1 - x, -x + 1)
  refuses_here("tensor or number expected, got table", function() return x - {} end)
end

calls["__mul"] = function(_, x)
  same(x * 3, x + x + x)
  assert((x * x):mean() - (4 + 0.25 + 0.0625 + 1 + 9) / 6 < 1e-6)
  refuses_here("tensor or number expected, got boolean", function() return x * true end)
end

calls["__div"] = function(_, x)
  same(x / 2, 0.5 * x)
  same(6 / (x - x + 2), x - x + 3)
  refuses_here("tensor or number expected, got nil", function() return x / nil end)
end

calls["__unm"] = function(_, x)
  same(-x, 0 - x)
end

calls["y:abs"] = function(_, x)
  assert(x:abs():mean() == 6.75 / 6 and (-2):abs() == 2)
end

calls["y:sqrt"] = function(_, x)
  same((x * x):sqrt(), x:abs())
  assert((9):sqrt() == 3)
end

calls["y:exp"] = function(_, x)
  same((x - x):exp(), x - x + 1)
  assert((0):exp() == 1)
end

calls["y:min"] = function(_, x)
  same(x:min(0), (x - x:abs()) / 2)
  assert((2):min(1) == 1)
  refuses_here("tensor or number expected, got nil", function() return x:min() end)
end

calls["y:max"] = function(_, x)
  same(x:max(0), (x + x:abs()) / 2)
  assert((2):max(1) == 2)
  refuses_here("tensor or number expected, got nil", function() return x:max() end)
end

calls["y:clamp"] = function(_, x)
  same(x:clamp(-1, 1), x:max(-1):min(1))
  assert((5):clamp(0, 3) == 3)
  refuses_here("tensor or number expected, got nil", function() return x:clamp(1) end)
end

calls["y:less"] = function(_, x) -- -2, -0.5, 0, 0.25, 1, 3
  assert(x:less(0.25):mean() == 0.5 and (1):less(2) == 1)
  refuses_here("tensor or number expected, got string", function() return x:less("0") end)
end

calls["y:where"] = function(_, x)
  same(x:less(0):where(-x, x), x:abs())
  assert((0):where(1, 2) == 2)
  refuses_here("tensor or number expected, got nil", function() return x:where(1) end)
end

calls["y:lerp"] = function(_, x)
  same(x:lerp(3 * x, 0.25), 1.5 * x)
  assert((1):lerp(3, 0.5) == 2)
  refuses_here("tensor or number expected, got nil", function() return x:lerp(x) end)
end

calls["y:set"] = function(_, x)
  local y <const> = x * 2
  same(y:set(x + 1), x + 1)
  same(y, x + 1)
  refuses_here("tensor expected, got nil", function() y:set() end)
end

calls["y:slerp"] = function(_, x)
  same(x:slerp(x, 0.5), x) -- one direction
  local u <const>, v <const> = x:less(0), 1 - x:less(0) -- at right angles
  same(u:slerp(v, 1 / 3), math.cos(math.pi / 6) * u + math.sin(math.pi / 6) * v)
  refuses_here("tensor expected, got number", function() return x:slerp(1, 0.5) end)
  refuses_here("number expected, got nil", function() return x:slerp(x) end)
end

calls["y:rms"] = function(_, x)
  assert(((x - x + 3):rms() - 3):abs() < 1e-6)
end

calls["y:absmax"] = function(_, x)
  assert(x:absmax() == 3)
end

calls["y:mean"] = function(_, x)
  assert((x:mean() - 1.75 / 6):abs() < 1e-6)
end

calls["y:quantile"] = function(_, x)
  assert(x:quantile(0) == -2 and x:quantile(1) == 3)
  assert((x:quantile(0.5) - 0.125):abs() < 1e-6)
  refuses_here("a share from 0 to 1 expected, got 1.5", function() return x:quantile(1.5) end)
  refuses_here("number expected, got no value", function() return x:quantile() end)
end

-- ---- what Lua brings ----

calls["assert"] = function()
  assert(assert(5) == 5)
  refuses("not so", assert, false, "not so")
end

calls["error"] = function()
  refuses("mine", error, "mine")
end

calls["ipairs"] = function()
  local sum = 0
  for i, v in ipairs { 5, 6, nil, 7 } do sum = sum + i * v end
  assert(sum == 17)
  refuses("value expected", ipairs)
end

calls["next"] = function()
  assert(next({}) == nil and next { 5 } == 1)
  refuses("table expected", next, 5)
end

calls["pairs"] = function()
  local num = 0
  for k, v in pairs { a = 1, b = 2 } do num = num + v + #k end
  assert(num == 5)
  refuses("value expected", pairs)
end

calls["pcall"] = function()
  local ok <const>, value <const> = pcall(math.max, 1, 2)
  assert(ok and value == 2 and not pcall(error))
  refuses("value expected", pcall)
end

calls["rawequal"] = function()
  local t <const> = setmetatable({}, { __eq = function() return true end })
  assert(rawequal(t, t) and not rawequal(t, setmetatable({}, { __eq = true })))
end

calls["rawget"] = function()
  assert(rawget(setmetatable({}, { __index = { a = 1 } }), "a") == nil)
  refuses("table expected", rawget, 1, 1)
end

calls["rawlen"] = function()
  assert(rawlen(setmetatable({ 1 }, { __len = function() return 9 end })) == 1)
  refuses("table or string expected", rawlen, 1)
end

calls["rawset"] = function()
  local t <const> = setmetatable({}, { __newindex = {} })
  rawset(t, "a", 1)
  assert(t.a == 1)
  refuses("table expected", rawset, 1, 1, 1)
end

calls["select"] = function()
  assert(select("#", nil, nil) == 2 and select(2, 5, 6) == 6)
  refuses("index out of range", select, 0)
end

calls["setmetatable"] = function()
  assert(setmetatable({}, { __index = { a = 1 } }).a == 1)
  refuses("scripts have no '__gc'", setmetatable, {}, { __gc = true })
  refuses("table expected", setmetatable, 1, {})
end

calls["tonumber"] = function()
  assert(tonumber("0x10") == 16 and tonumber("z", 36) == 35 and tonumber("x") == nil)
  refuses("base out of range", tonumber, "1", 99)
end

calls["tostring"] = function(_, x)
  assert(tostring(1.5) == "1.5" and tostring {} == "table" and tostring(x) == "tensor")
  refuses("value expected", tostring)
end

calls["type"] = function(_, x)
  assert(type(1) == "number" and type(x) == "userdata")
  refuses("value expected", type)
end

local function near(a, b)
  assert(math.abs(a - b) < 1e-9)
end

calls["math.abs"] = function() assert(math.abs(-1) == 1) end
calls["math.acos"] = function() near(math.acos(-1), math.pi) end
calls["math.asin"] = function() near(math.asin(1), math.pi / 2) end
calls["math.atan"] = function() near(math.atan(1, -1), 3 * math.pi / 4) end
calls["math.ceil"] = function() assert(math.ceil(1.5) == 2) end
calls["math.cos"] = function() near(math.cos(math.pi), -1) end
calls["math.deg"] = function() near(math.deg(math.pi), 180) end
calls["math.exp"] = function() near(math.exp(0), 1) end
calls["math.floor"] = function() assert(math.floor(-1.5) == -2) end
calls["math.fmod"] = function() assert(math.fmod(-5, 3) == -2) end
calls["math.log"] = function() near(math.log(8, 2), 3) end
calls["math.max"] = function() assert(math.max(1, 3, 2) == 3) end
calls["math.min"] = function() assert(math.min(2, 1, 3) == 1) end
calls["math.rad"] = function() near(math.rad(180), math.pi) end
calls["math.sin"] = function() near(math.sin(math.pi / 2), 1) end
calls["math.sqrt"] = function() assert(math.sqrt(9) == 3) end
calls["math.tan"] = function() near(math.tan(math.pi / 4), 1) end
calls["math.type"] = function() assert(math.type(1) == "integer" and math.type("1") == nil) end
calls["math.ult"] = function() assert(math.ult(1, -1)) end

calls["math.modf"] = function()
  local whole <const>, fraction <const> = math.modf(-1.25)
  assert(whole == -1 and fraction == -0.25)
end

calls["math.tointeger"] = function()
  assert(math.tointeger(2.0) == 2 and math.tointeger(2.5) == nil)
end

calls["string.byte"] = function() assert(select("#", ("abc"):byte(1, -1)) == 3) end
calls["string.char"] = function() assert(string.char(97, 98) == "ab") end
calls["string.format"] = function() assert(("%d %5.2f %s"):format(1, 2, {}) == "1  2.00 table") end
calls["string.len"] = function() assert(("abc"):len() == 3) end
calls["string.lower"] = function() assert(("AbC"):lower() == "abc") end
calls["string.match"] = function() assert(("key=5"):match("(%a+)=") == "key") end
calls["string.reverse"] = function() assert(("abc"):reverse() == "cba") end
calls["string.sub"] = function() assert(("abc"):sub(-2) == "bc") end
calls["string.upper"] = function() assert(("abc"):upper() == "ABC") end

calls["string.find"] = function()
  local first <const>, last <const> = ("a.b"):find(".", 1, true)
  assert(first == 2 and last == 2)
end

calls["string.gmatch"] = function()
  local sum = 0
  for digit in ("1 2 3"):gmatch("%d") do sum = sum + tonumber(digit) end
  assert(sum == 6)
end

calls["string.gsub"] = function()
  local text <const>, num <const> = ("aaa"):gsub("a", "b", 2)
  assert(text == "bba" and num == 2)
end

calls["string.rep"] = function()
  assert(("ab"):rep(2, "-") == "ab-ab")
  refuses("the text would be longer", string.rep, "x", 1 << 40)
end

calls["table.concat"] = function() assert(table.concat({ 1, 2 }, ", ") == "1, 2") end
calls["table.pack"] = function() assert(table.pack(1, nil).n == 2) end
calls["table.unpack"] = function() assert(select("#", table.unpack { 1, 2 }) == 2) end

calls["table.insert"] = function()
  local list <const> = { 1, 2 }
  table.insert(list, 1, 0)
  table.insert(list, 3)
  assert(table.concat(list) == "0123")
  refuses("position beyond the list", table.insert, list, 9, 1)
end

calls["table.move"] = function()
  assert(table.concat(table.move({ 1, 2, 3 }, 1, 2, 2)) == "112")
end

calls["table.remove"] = function()
  local list <const> = { 1, 2, 3 }
  assert(table.remove(list) == 3 and table.remove(list, 1) == 1 and #list == 1)
end

calls["table.sort"] = function()
  local list <const> = { 2, 3, 1 }
  table.sort(list, function(a, b) return a > b end)
  assert(table.concat(list) == "321")
end

-- ---- the declaration ----

calls["_"] = function()
  assert(_ "Yes" == "Yes")
  refuses("string expected, got nil", _, nil)
end

calls["diffusion.has"] = function()
  assert(diffusion.has "denoise" and diffusion.has "slerp" and diffusion.has "timestep")
  assert(diffusion.has "sigma_max" and diffusion.has "has" and not diffusion.has "time_machine")
  refuses("string expected, got no value", diffusion.has)
end

local declaration <const> = {
  api = 1, name = "calls", title = _"Calls", license = "GPL-3.0-or-later",
  params = { { "call", type = "text", default = "" } },
  sample = function(ctx, x, _, p)
    assert(calls[p.call], "no call of this name")(ctx, x)
    return x
  end,
}
local declared <const> = diffusion.sampler(declaration)

calls["diffusion.sampler"] = function()
  assert(declared == declaration)
  refuses("a script makes one declaration", diffusion.sampler, {})
  refuses("table expected, got no value", diffusion.sampler)
end

return declared
