-- What is put into a metatable once it is set, which must do nothing.
-- ends: harmlessly
local m = {} local t = setmetatable({}, m) m.__mode = 'v' m.__gc = error m.__index = error
t[1] = {} for i = 1, 1e4 do local _ = {} end assert(t[1] and t.x == nil)
return diffusion.schedule { api = 1, name = "fine", sigmas = function() return { 4, 0 } end }
