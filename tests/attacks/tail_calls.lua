-- Tail calls, which need no stack.
-- ends: the script takes
local function f() return f() end
f()
