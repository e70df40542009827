-- The metatable that texts share.
-- ends: scripts have no 'getmetatable'
getmetatable("").__index=function() return 1 end; local x=("a").y; assert(x~=1, "ESCAPE: shared string metatable changed")
