-- An error handler, which would run unhooked.
-- ends: scripts have no 'xpcall'
return xpcall.anything
