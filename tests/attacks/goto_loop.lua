-- A loop without a loop.
-- ends: the script takes too many instructions
::again::
goto again
