-- The smallest integer by minus one, which traps on some processors.
-- ends: harmlessly
assert(math.mininteger // -1 == math.mininteger and math.mininteger % -1 == 0)
assert(math.abs(math.mininteger) == math.mininteger and 1 << 64 == 0 and 1 >> -64 == 0)
return diffusion.schedule { api = 1, name = "fine", sigmas = function() return { 4, 0 } end }
