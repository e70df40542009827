-- Endless work in __tostring.
-- ends: the script takes
tostring(setmetatable({}, { __tostring = function()
while true do end end }))
