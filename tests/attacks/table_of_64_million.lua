-- A table of 2^26 fields.
-- ends: of memory, a text of more than
local t = {} for i = 1, 1 << 26 do t[i] = i end
