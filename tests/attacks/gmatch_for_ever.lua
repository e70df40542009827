-- Matches of the empty pattern, each little work for Lua and more in C.
-- ends: the script takes
while true do
for _ in ('xxx'):gmatch('') do end end
