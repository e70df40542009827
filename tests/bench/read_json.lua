-- SPDX-License-Identifier: GPL-3.0-or-later
-- What `sfumato bench --json` prints, as a table. No reader for any other JSON: it
-- relies on the quotes, braces and brackets within strings being none.

return function(path)
  local file <const> = assert(io.open(path))
  local text <const> = file:read("a"):gsub("%[", "{"):gsub("%]", "}"):gsub('("[%w_]+"):', "[%1] =")
  file:close()
  return assert(load("return " .. text, "=" .. path, "t", {}))()
end
