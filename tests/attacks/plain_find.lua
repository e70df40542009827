-- A plain find of half the text.
-- ends: the text would be longer than 1048576 bytes
(("a"):rep(2e6)):find(("a"):rep(1e6).."b",1,true)
