-- Texts that __index would give for ever.
-- ends: must return diffusion.schedule
local t = setmetatable({}, { __index = function() return ("x"):rep(1e6) end, __len = function() return 1e9 end })
table.concat(t)
