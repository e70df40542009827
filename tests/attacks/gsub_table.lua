-- Endless work in the __index of the table of a gsub.
-- ends: the script takes too many instructions
("x"):gsub("x", setmetatable({}, { __index = function() while true do end end }))
