-- An error that hides where it was raised.
-- ends: error_without_a_place.lua: no place; called from error_without_a_place.lua:3
error('no place', 0)
