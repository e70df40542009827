-- An insertion far behind the end.
-- ends: position beyond the list
table.insert({}, 1 << 53, 1)
