-- Likewise, in the closing value of a for.
-- ends: the script takes
local m = { __close = function()
while true do end end }
for _ in next, { 1, 2 }, nil, setmetatable({}, m) do end
