-- A choice before the first value.
-- ends: index out of range
select(math.mininteger, 1)
