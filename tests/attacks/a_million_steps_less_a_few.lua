-- Nearly all the work that a declaration may be.
-- ends: harmlessly
for i = 1, 2e5 do local _ = i end
return diffusion.schedule { api = 1, name = "fine", sigmas = function() return { 4, 0 } end }
