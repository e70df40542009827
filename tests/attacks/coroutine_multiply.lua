-- Coroutines, whose instructions would be counted apart.
-- ends: scripts have no 'coroutine'
local function f(d) for i=1,60 do if d>0 then coroutine.wrap(f)(d-1) end end end while true do f(30) end
