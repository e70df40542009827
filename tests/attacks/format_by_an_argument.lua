-- A field as wide as an argument says.
-- ends: is not understood
("%*d"):format(1 << 30, 1)
