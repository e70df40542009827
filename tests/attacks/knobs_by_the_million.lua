-- A list of 200000 knobs.
-- ends: 'params' has more than 64 knobs
local knob, params = { "k", type = "number", default = 0 }, {}
for i = 1, 200000 do params[i] = knob end
return diffusion.schedule { api = 1, name = "attack", sigmas = next, params = params }
