-- A metatable for functions, which all would share.
-- ends: table expected
setmetatable(next, {})
