-- A pattern of 100000 parentheses that are not closed.
-- ends: too many captures
("x"):find(("("):rep(100000))
