-- Writing into the metatable that numbers share.
-- ends: attempt to index a number value
local n = 1 n.max = nil
