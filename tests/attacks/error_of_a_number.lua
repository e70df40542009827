-- An error that is a number.
-- ends: 12; called from error_of_a_number.lua:3
error(12)
