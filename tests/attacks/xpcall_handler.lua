-- A handler of errors, which runs unhooked, that never ends.
-- ends: scripts have no 'xpcall'
xpcall(function() while true do end end,function(e) while true do end end)
