-- Libraries that are changed, for whoever comes next.
-- ends: harmlessly
rawset(string, "rep", nil)
rawset(math, "floor", function() while true do end end)
rawset(table, "concat", error)
rawset(_ENV, "pcall", nil)
return diffusion.schedule { api = 1, name = "fine", sigmas = function() return { 4, 0 } end }
