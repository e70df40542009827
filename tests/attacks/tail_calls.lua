-- Tail calls, which need no stack.
-- ends: the script takes too many instructions
local function f() return f() end
f()
