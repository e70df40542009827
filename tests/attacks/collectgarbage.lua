-- The collector, switched off.
-- ends: scripts have no 'collectgarbage'
collectgarbage('stop')
