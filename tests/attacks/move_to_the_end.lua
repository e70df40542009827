-- A move beyond the last position.
-- ends: position beyond a list
table.move({ 1, 2, 3 }, 1, 3, math.maxinteger - 1)
