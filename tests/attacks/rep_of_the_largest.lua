-- As often as an integer can say.
-- ends: the text would be longer than
("x"):rep(math.maxinteger)
