-- A table whose largest index is 2^62.
-- ends: harmlessly
local t = {}
for i = 0, 62 do t[1 << i] = i end
assert(#t >= 0 and next(t))
return diffusion.schedule { api = 1, name = "fine", sigmas = function() return { 4, 0 } end }
