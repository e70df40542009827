-- Two tables that are called for one another.
-- ends: '__call' must be a function
local a, b = {}, {}
setmetatable(a, { __call = b })
setmetatable(b, { __call = a })
a()
