-- Two declarations.
-- ends: a script makes one declaration
diffusion.schedule { api = 1, name = 'a', betas = function() end }
return diffusion.schedule { api = 1, name = 'b', betas = type }
