-- A key of a megabyte, for the sentence about it.
-- ends: unknown key
return diffusion.schedule { api = 1, [("x"):rep(1000000)] = 1 }
