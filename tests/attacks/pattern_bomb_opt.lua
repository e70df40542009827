-- A pattern that backtracks in 2^28.
-- ends: the script takes
local s=("a"):rep(28); s:find(("a?"):rep(28)..("a"):rep(28))
