-- The globals by their old name.
-- ends: scripts have no '_G'
return _G.io
