-- Endless work in __index.
-- ends: the script takes
local t = setmetatable({}, { __index = function()
while true do end end })
return t.x
