-- A knob that would hide one of the host.
-- ends: there is a knob 'spacing' already
return diffusion.schedule { api = 1, name = "attack", betas = next, params = { { "spacing", type = "number", default = 0 } } }
