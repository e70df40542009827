-- An _ENV that is a number.
-- ends: attempt to index a number value
_ENV = 5
x = 1
