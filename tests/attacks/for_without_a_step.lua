-- A loop of step 0.
-- ends: 'for' step is zero
for _ = 1, 2, 0 do end
