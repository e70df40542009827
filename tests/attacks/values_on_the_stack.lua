-- Arguments that grow by one with each call.
-- ends: the script takes
local function f(...) return f(0, ...) end
f()
