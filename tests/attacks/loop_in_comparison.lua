-- Endless work in the comparison of a sort.
-- ends: the script takes
table.sort({ 1, 2, 3 }, function()
while true do end end)
