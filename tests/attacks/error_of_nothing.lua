-- An error that says nothing.
-- ends: the error is a nil
error()
