-- A traversal that adds what it traverses, and again when that fails.
-- ends: the script takes
while true do
  pcall(function()
    local t = { a = 1 }
    for k in pairs(t) do t[k .. "x"] = 1 end
  end)
end
