-- The empty text, a terabyte of times.
-- ends: must return diffusion.schedule
local s=(""):rep(1<<40)
