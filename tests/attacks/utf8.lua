-- A library that loops unseen.
-- ends: scripts have no 'utf8'
return utf8.anything
