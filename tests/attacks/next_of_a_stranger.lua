-- next() from a key that is not there.
-- ends: invalid key to 'next'
next({}, "x")
