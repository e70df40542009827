-- An error of a megabyte.
-- ends: long_error.lua:3: xxx
error(('x'):rep(1e6))
