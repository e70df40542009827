-- A knob at index 2^40.
-- ends: params: unknown key '1099511627776'
return diffusion.schedule { api = 1, name = "attack", sigmas = next, params = { [1 << 40] = {} } }
