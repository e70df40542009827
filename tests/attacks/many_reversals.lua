-- The same through a function in C.
-- ends: the script takes
local s = ('x'):rep(1e6)
while true do s:reverse() end
