-- A pcall in a pcall: who catches the end of the inner one goes on.
-- ends: the script takes
local function f()
while true do pcall(f) end end f()
