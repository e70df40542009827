-- A comparison that says yes to everything: the sort must end all the same.
-- ends: harmlessly
local t = {}
for i = 1, 1000 do t[i] = i end
table.sort(t, function() return true end)
return diffusion.schedule { api = 1, name = "fine", sigmas = function() return { 4, 0 } end }
