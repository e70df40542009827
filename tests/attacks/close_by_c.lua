-- Variables that are closed by functions in C.
-- ends: the script takes
local m = { __close = pcall }
while true do local x <close> = setmetatable({}, m) end
