-- Depth through pcall, and then without.
-- ends: the script takes
local function f()
return pcall(f) end
local function g() f()
return 1 + g() end g()
