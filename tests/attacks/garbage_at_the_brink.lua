-- Garbage at the limit of memory: a full collection for each piece.
-- ends: the script takes
local t = {}
for i = 1, 55 do t[i] = (i .. 'x'):rep(3e5) end
while true do local _ = t[1] .. 'y' end
