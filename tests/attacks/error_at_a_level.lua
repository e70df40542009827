-- An error that names a level which is not there.
-- ends: error_at_a_level.lua: deep
error("deep", 1 << 30)
