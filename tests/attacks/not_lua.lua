-- Not Lua.
-- ends: not_lua.lua:4: unexpected symbol
return diffusion.schedule {
