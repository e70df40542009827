-- A metatable for the globals.
-- ends: this metatable is protected
setmetatable(_ENV, {})
