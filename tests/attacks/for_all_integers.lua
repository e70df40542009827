-- A loop over all integers.
-- ends: the script takes too many instructions
for _ = math.mininteger, math.maxinteger do end
