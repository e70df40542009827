-- A metatable for nil, which all would share.
-- ends: table expected
setmetatable(nil, {})
