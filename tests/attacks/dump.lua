-- Compiled code, to change and load.
-- ends: string has no 'dump'
string.dump(function() end)
