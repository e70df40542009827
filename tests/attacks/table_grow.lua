-- A table that grows.
-- ends: the script takes
local t={} while true do t[#t+1]={} end
