-- Depth without end.
-- ends: the script takes more than
local function f() return 1+f() end f()
