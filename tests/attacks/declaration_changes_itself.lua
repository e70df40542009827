-- A claim that changes the declaration while it is read.
-- ends: harmlessly
local d = { api = 1, name = "attack", step = function(_, _, x0) return x0 end }
d.order = function() d.name, d.step, d.params, d.evals = nil, 5, 5, "x" return 1 end
return diffusion.sampler(d)
