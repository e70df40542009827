-- A claim that never comes.
-- ends: the script takes
return diffusion.sampler { api = 1, name = "attack", step = next, order = function() while true do end end }
