-- A declaration whose metatable never ends.
-- ends: harmlessly
local function loop() while true do end end
return diffusion.schedule(setmetatable({
  api = 1, name = "attack", sigmas = function() return { 4, 0 } end,
}, { __index = loop, __len = loop, __pairs = loop, __newindex = loop }))
