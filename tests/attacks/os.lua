-- The system.
-- ends: scripts have no 'os'
return os.anything
