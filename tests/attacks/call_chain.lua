-- A table that is its own __call: followed in one instruction until the stack is full.
-- ends: '__call' must be a function, not a table
local t = {}
setmetatable(t, { __call = t })
t()
