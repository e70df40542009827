-- An insertion into a table that claims to be long.
-- ends: must return diffusion.schedule
table.insert(setmetatable({},{__len=function() return 1<<40 end}),1,0)
