-- The last position that there is.
-- ends: unpack takes positions from 1 to 256
table.unpack({}, math.maxinteger, math.maxinteger)
