-- A pattern whose back reference fits everywhere but at the end.
-- ends: the script takes
local s = ('a'):rep(1e5)
while true do s:find('(a*)%1b') end
