-- Endless work in __lt, from a sort.
-- ends: the script takes too many instructions
local m = { __lt = function() while true do end end }
table.sort({ setmetatable({}, m), setmetatable({}, m) })
