-- A variable that is closed.
-- ends: harmlessly
local n = 0 do local x <close> = setmetatable({}, { __close = function() n = 1 end }) end assert(n == 1)
return diffusion.schedule { api = 1, name = "fine", sigmas = function() return { 4, 0 } end }
