-- Insertions that move the whole list.
-- ends: the script takes
local t = {}
while true do table.insert(t, 1, 0) end
