-- Classes with operators, as decent scripts have them.
-- ends: harmlessly
local C = {} C.__index = C C.__add = function(a, b) return C.new(a.v + b.v) end
function C.new(v) return setmetatable({ v = v }, C) end
function C:get() return self.v end
assert((C.new(1) + C.new(2)):get() == 3)
C.__eq = function(a, b) return a.v == b.v end assert(C.new(1) == C.new(1))
return diffusion.schedule { api = 1, name = "fine", sigmas = function() return { 4, 0 } end }
