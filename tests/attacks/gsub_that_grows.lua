-- More by gsub: a kilobyte for each byte.
-- ends: the text is longer than
local s = ('x'):rep(1e6) s:gsub('x', ('y'):rep(1e3))
