-- Endless work in the function of a gsub.
-- ends: the script takes
('x'):gsub('x', function()
while true do end end)
