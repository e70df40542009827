-- Sorting in C, where no instruction is counted.
-- ends: the script takes
local t = {}
for i = 1, 2e5 do t[i] = -i end table.sort(t) table.sort(t)
