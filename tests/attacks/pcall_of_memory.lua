-- Catches running out of memory, and does it again.
-- ends: the script takes
while true do pcall(function() local t = {}
for i = 1, 1e9 do
t[i] = ('x'):rep(1e6) .. i end end) end
