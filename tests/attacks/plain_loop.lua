-- Nothing, for ever.
-- ends: the script takes too many instructions
while true do end
