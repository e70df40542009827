-- Work in __close while the end of the quota passes through 100 of them.
-- ends: the script takes
local m = { __close = function() local n = 0 while true do n = n + 1 end end }
local function f(n)
  local x <close> = setmetatable({}, m)
  if n > 0 then return (pcall(f, n - 1)) end
  while true do end
end
f(100)
