-- A __call that calls what it was called for, in tail position.
-- ends: the script takes
local t = setmetatable({}, { __call = function(self) return self() end })
t()
