-- A declaration that failed, and then another.
-- ends: a script makes one declaration
pcall(diffusion.schedule, { api = 1, name = "first", sigmas = 5 })
return diffusion.schedule { api = 1, name = "second", sigmas = function() end }
