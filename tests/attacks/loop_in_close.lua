-- Endless work in __close, which runs while an error is on its way.
-- ends: the script takes
local m = { __close = function()
while true do end end }
local x <close> = setmetatable({}, m)
while true do end
