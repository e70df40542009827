-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a help shows outside of the marks that tests/words/pseudo puts around texts:
-- from standard input the lines that have letters left which are no option, name,
-- example, nor GLib's. Run: lua left.lua

-- Texts within texts, and those of several lines.
local function without_marked(text)
  local out <const>, depth = {}, 0
  for _, code in utf8.codes(text) do
    local letter <const> = utf8.char(code)
    if letter == "⟦" then depth = depth + 1
    elseif letter == "⟧" then depth = depth - 1
    elseif depth == 0 then out[#out + 1] = letter
    elseif letter == "\n" then out[#out + 1] = "~\n" -- so that the line does not look empty
    end
  end
  assert(depth == 0, "marks that do not close: text is cut")
  return table.concat(out)
end

local glibs <const> = {
  ["Usage:"] = true, ["Help Options:"] = true, ["Application Options:"] = true,
}

local function left_of(line)
  if glibs[line] or line:match("^  [%u_=%l/]*%s?sfumato ") or line:match("^          ") then
    return ""
  end
  line = line:gsub("Show help options$", "") -- GLib's
  line = line:gsub("^%s+%-%w, ", " "):gsub('^%s+%-%-[%w-]+="[^"]*"', "") -- options
  line = line:gsub("^%s+%-%-[%w-]+=?%S*", "")
  line = line:gsub("^%s+[%l%d_-]+%s", ""):gsub("^%s+[%u_]+%s", ""):gsub("^  %d+%s", "") -- names
  line = line:gsub("^%s*:[%l%s,-]+ %(", " ("):gsub("%([^%s()]*%)%s*$", "") -- choices, defaults
  return line
end

local num = 0
for line in (without_marked(io.read("a")) .. "\n"):gmatch("(.-)\n") do
  if left_of(line):match("%a%a") then
    print(line)
    num = num + 1
  end
end
os.exit(num == 0)
