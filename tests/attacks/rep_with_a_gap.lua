-- A bomb in the separator of rep.
-- ends: the text would be longer than
("x"):rep(1000, ("y"):rep(1000000))
