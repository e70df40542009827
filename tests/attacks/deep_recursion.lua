-- Depth without end.
-- ends: the script takes
local function f() return 1+f() end f()
