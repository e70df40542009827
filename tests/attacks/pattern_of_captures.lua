-- A pattern of 100000 captures.
-- ends: too many captures
("x"):find(("()"):rep(100000))
