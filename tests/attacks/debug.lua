-- The debugger, which reaches every upvalue and metatable.
-- ends: scripts have no 'debug'
return debug.anything
