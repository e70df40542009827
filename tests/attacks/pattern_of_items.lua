-- A pattern of a million items.
-- ends: pattern
("x"):find(("x?"):rep(500000))
