-- An _ENV of its own, in which no name is ever found.
-- ends: the script takes too many instructions
local _ENV = setmetatable({}, { __index = function() while true do end end })
return anything
