-- pcall of its own errors, which it may catch.
-- ends: harmlessly
local ok, why = pcall(error, 'x', 0) assert(not ok and why == 'x')
assert(select('#', pcall(function() return 1, nil, nil end)) == 4)
local t = {} ok, why = pcall(error, t) assert(why == t)
return diffusion.schedule { api = 1, name = "fine", sigmas = function() return { 4, 0 } end }
