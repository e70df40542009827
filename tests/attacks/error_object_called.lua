-- An error object that is called, and raises itself.
-- ends: the error is a table, not a text
local e
e = setmetatable({}, { __call = function() error(e) end, __tostring = function() error(e) end })
e()
