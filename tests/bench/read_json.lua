-- SPDX-License-Identifier: GPL-3.0-or-later
-- What `sfumato bench --json` and bench-turns print, as a table. No reader for any
-- other JSON: it relies on the quotes, braces and brackets within strings being none.

return function(text)
  local lua <const> = text:gsub("%[", "{"):gsub("%]", "}"):gsub('("[%w_]+"):', "[%1] =")
  return assert(load("return " .. lua, "=json", "t", {}))()
end
