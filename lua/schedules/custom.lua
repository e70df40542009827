-- SPDX-License-Identifier: CC0-1.0
-- The levels that you write down. How many there are is how many steps there
-- are: what is asked for otherwise does not count.

-- Level number i of the list, from its text.
local function read(model, i, text)
  if text == "max" then return model.sigma_max end
  if text == "min" then return model.sigma_min end
  local level <const> = text:find("^[%d.]") and not text:find("[xX]") and tonumber(text)
  if not level then
    error(("levels: entry %d, '%s', is not a number like 0.3, nor min or max"):format(i, text), 0)
  end
  return level
end

local function check(model, levels, i)
  local level <const>, before <const> = levels[i], levels[i - 1]
  local why
  if before and level >= before then
    why = ("is not below entry %d, %g"):format(i - 1, before)
  elseif level > 1.001 * model.sigma_max then
    why = ("is above %g, the highest that the model knows (max)"):format(model.sigma_max)
  elseif level > 0 and level < model.sigma_min / 1.001 then
    why = ("is below %g, the lowest that the model knows (min), but not 0"):format(model.sigma_min)
  end
  if why then error(("levels: entry %d, %g, %s"):format(i, level, why), 0) end
end

return diffusion.schedule {
  api = 1, name = "custom", title = _"Custom", license = "CC0-1.0",
  params = {
    { "levels", type = "text", default = "max 14.6 7 3 1 0.3 0",
      label = _"Levels", help = _"Falling, with spaces between; max and min are the model's ends" },
  },

  sigmas = function(model, _, p)
    local levels <const> = {}
    for text in p.levels:gmatch("%S+") do
      levels[#levels + 1] = read(model, #levels + 1, text)
      check(model, levels, #levels)
    end
    if #levels < 2 then error("levels: a run needs two, where it starts and where it ends", 0) end
    return levels
  end,
}
