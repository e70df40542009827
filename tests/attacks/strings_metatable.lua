-- Writing into the one that texts share.
-- ends: attempt to index a string value
local s = '' s.rep = nil
