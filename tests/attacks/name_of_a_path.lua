-- A name that is a path.
-- ends: 'name' must be of the letters
return diffusion.schedule { api = 1, name = "../../etc/passwd", sigmas = next }
