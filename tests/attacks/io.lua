-- Files.
-- ends: scripts have no 'io'
return io.anything
