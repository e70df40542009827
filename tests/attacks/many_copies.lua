-- Copies of a text of a megabyte, one an instruction.
-- ends: the script takes
local s = ('x'):rep(1e6)
while true do local _ = s .. 1 end
