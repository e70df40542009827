-- A gigabyte by string.rep.
-- ends: the text would be longer than 1048576 bytes
local s=("x"):rep(1e9)
