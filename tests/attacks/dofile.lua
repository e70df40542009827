-- Files, by the name that Lua gives them.
-- ends: scripts have no 'dofile'
dofile('/etc/passwd')
