-- A terabyte by string.rep.
-- ends: the text would be longer than
('x'):rep(1 << 40)
