-- A metatable for each of many tables: what is copied is kept.
-- ends: the script takes
while true do setmetatable({}, { __index = {} }) end
