-- An integer divided by zero.
-- ends: attempt to
return 1 // 0
