-- next() in a table of 100000 entries that are all gone.
-- ends: the script takes
local t = {}
for i = 1, 1e5 do t['k' .. i] = 1 end
for i = 1, 1e5 do t['k' .. i] = nil end
while true do next(t) end
