-- A list of a million links, for a collector that would follow it in C.
-- ends: the script takes
local t = {}
while true do t = { t } end
