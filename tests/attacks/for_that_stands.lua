-- A loop whose counter is too large to grow.
-- ends: the script takes too many instructions
for _ = 1e308, math.huge, 1 do end
