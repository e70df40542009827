-- An error that pretends to be of another script.
-- ends: error_of_another.lua: other.lua:1: ddpm is broken
error("other.lua:1: ddpm is broken", 0)
