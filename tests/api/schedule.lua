-- SPDX-License-Identifier: GPL-3.0-or-later
-- As sampler.lua, of what only a schedule can call.

local calls <const> = {}

local declaration <const> = {
  api = 1, name = "calls", title = _"Calls", license = "GPL-3.0-or-later",
  params = { { "call", type = "text", default = "" } },
  sigmas = function(_, _, p)
    assert(calls[p.call], "no call of this name")()
    return { 2, 0 }
  end,
}
local declared <const> = diffusion.schedule(declaration)

calls["diffusion.schedule"] = function()
  assert(declared == declaration)
  local ok <const>, message <const> = pcall(diffusion.schedule, {})
  assert(not ok and message:find("a script makes one declaration", 1, true))
end

return declared
