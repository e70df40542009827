-- Random numbers that no seed repeats.
-- ends: math has no 'random'
math.random()
