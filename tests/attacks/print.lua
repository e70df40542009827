-- The standard output.
-- ends: scripts have no 'print': ctx:log(text) prints a message
return print.anything
