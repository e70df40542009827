-- No declaration.
-- ends: must return diffusion.schedule
return {}
