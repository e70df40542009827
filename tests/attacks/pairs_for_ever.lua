-- A __pairs that never ends.
-- ends: the script takes
local t = setmetatable({}, { __pairs = function() return function() return 1 end end })
for _ in pairs(t) do end
