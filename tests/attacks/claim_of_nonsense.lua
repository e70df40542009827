-- A claim that is no number.
-- ends: 'order' must be a number
return diffusion.sampler { api = 1, name = "attack", step = next, order = function() return {} end }
