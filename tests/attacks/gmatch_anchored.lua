-- An anchor in a gmatch, which would match for ever at one place.
-- ends: harmlessly
local n = 0
for _ in ("aaa"):gmatch("^a") do n = n + 1 end
assert(n <= 3)
return diffusion.schedule { api = 1, name = "fine", sigmas = function() return { 4, 0 } end }
