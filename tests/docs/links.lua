-- SPDX-License-Identifier: GPL-3.0-or-later
-- Where the pages lead: each file and each heading that a link of theirs names is
-- there, and so is each picture that they show. Addresses in the Web are not
-- called. TAP. Run: lua links.lua ROOT
local tap <const> = require "tap"
local root <const> = arg[1] or "."

-- Nil where nothing is, "" of a folder.
local function read(path)
  local file <const> = io.open(root .. "/" .. path)
  if not file then return nil end
  local text <const> = file:read("a") or ""
  file:close()
  return text
end

-- "docs/manual", "../math.md" -> "docs/math.md"
local function joined(folder, path)
  local parts <const> = {}
  for part in (folder .. "/" .. path):gmatch("[^/]+") do
    if part == ".." and #parts > 0 then parts[#parts] = nil
    elseif part ~= "." then parts[#parts + 1] = part
    end
  end
  return table.concat(parts, "/")
end

-- As the sites that show Markdown make a name of a heading.
local function anchor_of(heading)
  local words <const> = heading:gsub("%[([^%]]*)%]%b()", "%1"):lower()
  return (words:gsub("[^%w%-_ \x80-\xff]", ""):gsub(" ", "-"))
end

local function has_heading(path, anchor)
  for heading in ("\n" .. read(path)):gmatch("\n#+ +([^\n]+)") do
    if anchor_of(heading) == anchor then return true end
  end
  return false
end

-- What a page's links name, less the blocks of code.
local function links_of(text)
  local links <const> = {}
  text = ("\n" .. text):gsub("\n```.-\n```", "\n"):gsub("`[^`\n]*`", "")
  for link in text:gmatch("%]%(([^)%s]+)%)") do links[#links + 1] = link end
  for link in text:gmatch("<%a[^>]- src=\"([^\"]+)\"") do links[#links + 1] = link end
  return links
end

-- Why a link of a page leads nowhere, or nil.
local function wrong_with(page, link)
  if link:find("^%a+:") then return nil end
  local path <const>, anchor <const> = link:match("^([^#]*)#?(.*)$")
  local target <const> = path == "" and page or joined(page:match("^(.*)/") or ".", path)
  if not read(target) then return link .. " is not there" end
  if anchor ~= "" and not has_heading(target, anchor) then return link .. ": no such heading" end
  return nil
end

tap.test("the rules tell a link that leads somewhere from one that does not", function()
  assert(joined("docs/manual", "../math.md") == "docs/math.md")
  assert(joined(".", "docs/../po") == "po")
  assert(anchor_of("Generate: pictures `from` noise") == "generate-pictures-from-noise")
  local text <const> = "[a](b.md#c)\n```lua\n[x](y)\n```\n<img src=\"d.png\"> `t[i](j)` [e](f)"
  assert(table.concat(links_of(text), " ") == "b.md#c f d.png")
  assert(wrong_with("README.md", "tests/README.md#tests") == nil)
  assert(wrong_with("README.md", "tests/README.md#nothing"))
  assert(wrong_with("docs/README.md", "README.txt"))
end)

-- Not the copies that builds and packages make.
local find <const> = "cd '%s' && find *.md [a-z]* -name '*.md' -not -path 'build*' " ..
  "-not -path 'obj-*' -not -path 'debian/*/*' | sort -u"
local num_pages = 0

for page in io.popen(find:format(root)):lines() do
  num_pages = num_pages + 1
  tap.test(page .. " leads nowhere that is not there", function()
    for _, link in ipairs(links_of(read(page))) do
      local why <const> = wrong_with(page, link)
      if why then error(page .. ": " .. why, 0) end
    end
  end)
end

tap.test("there are pages to look at", function() assert(num_pages > 0) end)
tap.done()
