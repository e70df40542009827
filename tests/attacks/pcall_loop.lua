-- Catches the end of its quota, again and again.
-- ends: the script takes
while true do pcall(function() while true do end end) end
