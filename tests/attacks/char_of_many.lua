-- A million values on the stack.
-- ends: unpack takes positions from 1 to 256
string.char(table.unpack({}, 1, 1e6))
