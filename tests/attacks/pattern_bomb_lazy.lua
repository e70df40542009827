-- A pattern that backtracks in the cube of the text.
-- ends: the script takes
local s=("a"):rep(200000); s:find(".-.-.-b")
