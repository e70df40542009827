-- A key whose __tostring never ends.
-- ends: the script takes too many instructions
local key = setmetatable({}, { __tostring = function() while true do end end })
return diffusion.schedule { api = 1, [key] = 1 }
