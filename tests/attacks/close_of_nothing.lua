-- Closes what cannot be closed.
-- ends: got a non-closable value
local x <close> = 5
