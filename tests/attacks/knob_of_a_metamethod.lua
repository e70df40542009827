-- A knob called __index.
-- ends: is not of the letters
return diffusion.schedule { api = 1, name = "attack", sigmas = next, params = { { "__index", type = "number", default = 0 } } }
