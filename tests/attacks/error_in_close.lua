-- An error for each of many variables that are closed by an error.
-- ends: the error is a table, not a text
local m = {}
m.__close = function() error(setmetatable({}, m)) end
local function f(n)
  local x <close> = setmetatable({}, m)
  if n > 0 then f(n - 1) end
  error("first")
end
f(150)
