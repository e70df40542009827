-- Many short texts, for the table in which Lua keeps them.
-- ends: the script takes
local t = {}
for i = 1, 1e9 do t[i % 200000] = "k" .. i end
