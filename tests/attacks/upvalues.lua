-- A chain of closures, each of which holds the one before.
-- ends: the script takes
local f = next
for i = 1, 1e9 do local g = f f = function()
return g end end
