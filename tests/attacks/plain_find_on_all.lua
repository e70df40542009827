-- A plain find that fails at its last byte, everywhere.
-- ends: the script takes
local s, w = ('a'):rep(1e6), ('a'):rep(5e5) .. 'b'
while true do s:find(w, 1, true) end
