-- All positions that there are.
-- ends: unpack takes positions from 1 to 256
table.unpack({}, math.mininteger, math.maxinteger)
