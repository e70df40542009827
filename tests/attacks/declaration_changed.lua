-- A declaration that is changed after it was made.
-- ends: harmlessly
local d = diffusion.schedule { api = 1, name = "attack", sigmas = function() return { 4, 0 } end }
d.name, d.sigmas, d.params = nil, nil, 5
return d
