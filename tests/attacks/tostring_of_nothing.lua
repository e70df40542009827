-- A __tostring that returns no text.
-- ends: '__tostring' must return a string
tostring(setmetatable({}, { __tostring = function() return {} end }))
