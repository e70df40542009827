-- A global function.
-- ends: harmlessly
function helper() return 1 end assert(helper() == 1)
return diffusion.schedule { api = 1, name = "fine", sigmas = function() return { 4, 0 } end }
