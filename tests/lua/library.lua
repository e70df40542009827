-- SPDX-License-Identifier: GPL-3.0-or-later
-- What holds for every script that comes with Sfumato, and where they are listed.
-- Run: lua tests/lua/library.lua ROOT
local tap <const> = require "tap"

local root <const> = arg[1] or "."

local LINES <const> = 40 -- of code in a sampler
local LINES_OF <const> = { pndm = 80, unipc = 80, ["probability-flow"] = 80 }

local function read(path)
  local file <const> = assert(io.open(root .. "/" .. path))
  local text <const> = file:read("a")
  file:close()
  return text
end

local function scripts_in(folder)
  local names <const> = {}
  for path in io.popen(("find '%s/lua/%s' -name '*.lua' | sort"):format(root, folder)):lines() do
    names[#names + 1] = path:match("([^/]+)%.lua$")
  end
  assert(#names > 10, folder)
  return names
end

-- The names in the first column of a page's tables. "dpmpp-2s, -2m" are dpmpp-2s
-- and dpmpp-2m.
local function listed_in(path)
  local listed <const> = {}
  for cell in read(path):gmatch("\n| ([%l%d, -]+) |") do
    local family <const> = cell:match("^%l+")
    for name in cell:gmatch("[^, ]+") do
      listed[name:find("^%-") and family .. name or name] = true
    end
  end
  return listed
end

local PAGES <const> = { "lua/README.md", "docs/math.md" }

for _, folder in ipairs { "schedules", "samplers" } do
  for _, page in ipairs(PAGES) do
    tap.test(page .. " lists all " .. folder, function()
      local listed <const> = listed_in(page)
      for _, name in ipairs(scripts_in(folder)) do assert(listed[name], name) end
    end)
  end

  tap.test(folder .. " may be copied from, and name their sources", function()
    for _, name in ipairs(scripts_in(folder)) do
      local head <const> = read(("lua/%s/%s.lua"):format(folder, name)):match("^[^\n]+\n.-\n\n")
      assert(head:find("^%-%- SPDX%-License%-Identifier: CC0%-1%.0\n"), name)
      assert(head:find("https://", 1, true) or name == "custom", name .. " cites nothing")
    end
  end)
end

tap.test("lua/README.md lists nothing that is not there", function()
  local there <const> = {}
  for _, folder in ipairs { "schedules", "samplers" } do
    for _, name in ipairs(scripts_in(folder)) do there[name] = true end
  end
  for name in pairs(listed_in("lua/README.md")) do assert(there[name], name) end
end)

tap.test("samplers are as short as a page of a paper", function()
  for _, name in ipairs(scripts_in("samplers")) do
    local num = 0
    for line in read("lua/samplers/" .. name .. ".lua"):gmatch("[^\n]+") do
      if not line:find("^ *%-%-") then num = num + 1 end
    end
    local most <const> = LINES_OF[name] or LINES
    assert(num <= most, ("%s has %d lines of code, more than %d"):format(name, num, most))
  end
end)

tap.done()
