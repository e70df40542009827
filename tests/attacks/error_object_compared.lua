-- An error object whose comparison, length and index never end.
-- ends: the script takes too many instructions
local function loop() while true do end end
local e = setmetatable({}, { __eq = loop, __lt = loop, __len = loop, __index = loop, __concat = loop })
local ok, why = pcall(error, e)
pcall(function() return why.code end)
pcall(function() return #why end)
return why < e or why .. e
