-- A loop to infinity.
-- ends: the script takes too many instructions
for _ = 1, math.huge do end
