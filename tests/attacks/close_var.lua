-- Endless work in __close, which pcall lets run on.
-- ends: the script takes
while true do pcall(function() local x <close> = setmetatable({},{__close=function() while true do end end}) while true do end end) end
