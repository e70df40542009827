-- A pattern that ends within a set.
-- ends: the pattern ends too early
("x"):find("[a-")
