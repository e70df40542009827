-- The standard output.
-- ends: scripts have no 'print'
return print.anything
