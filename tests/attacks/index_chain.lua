-- Reads that follow a chain of 3000 __index tables in one instruction.
-- ends: '__index' chain too long
local t = {}
for i = 1, 3000 do t = setmetatable({}, { __index = t }) end
while true do local _ = t.x end
