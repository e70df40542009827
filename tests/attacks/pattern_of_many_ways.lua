-- A pattern that can fit in 2000^4 ways.
-- ends: the script takes
local s = ('a'):rep(2000) s:find('.-.-.-.-b') local _ = ('x'):find('.-y')
