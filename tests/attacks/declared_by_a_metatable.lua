-- A declaration whose fields are in its metatable.
-- ends: 'api' is missing
return diffusion.schedule(setmetatable({}, { __index = { api = 1, name = "attack" } }))
