-- Compiled code by load().
-- ends: scripts have no 'load'
return load("\27Lua")
