-- A finalizer, which no hook counts, that comes after the metatable was set.
-- ends: scripts have no '__gc'
local m = {} local t = setmetatable({}, m) m.__gc = function()
while true do end end t = nil
for i = 1, 1e5 do local _ = {} end
setmetatable({}, m)
