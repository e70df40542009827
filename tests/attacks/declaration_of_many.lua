-- A declaration and a thousand values.
-- ends: harmlessly
local t = {}
for i = 1, 256 do t[i] = i end
return diffusion.schedule { api = 1, name = "attack", sigmas = function() return { 4, 0 } end },
  table.unpack(t)
