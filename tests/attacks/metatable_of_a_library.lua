-- A metatable for the strings library.
-- ends: this metatable is protected
setmetatable(string, {})
