-- %b that never balances, from each position on.
-- ends: the script takes
local s = ('('):rep(1e6)
while true do s:find('%b()') end
