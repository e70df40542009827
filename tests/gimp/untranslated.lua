-- SPDX-License-Identifier: GPL-3.0-or-later
-- Prints the words of a dialog that stand outside of the marks around translations.
-- From standard input what walk.c writes down. Run: lua untranslated.lua
-- The marks are letters without a width (U+2061 and U+2062), so that the dialog is
-- as wide as people see it.

local opening <const>, closing <const> = utf8.char(0x2061), utf8.char(0x2062)

-- Translations may hold others.
local function outside(text)
  local out <const>, depth = {}, 0
  for _, code in utf8.codes(text) do
    local letter <const> = utf8.char(code)
    if letter == opening then depth = depth + 1
    elseif letter == closing then depth = depth - 1
    elseif depth == 0 then out[#out + 1] = letter
    end
  end
  return table.concat(out)
end

-- How the models, scripts and layers of these tests are called; what nobody reads.
local names <const> = {
  "Colour", "Photo", "DDIM", "Linear", "fake", "old", "GPL%-3%.0%-or%-later", "true", "false",
  "Pictures that are known beforehand, for the tests of the dialog",
}

for line in io.lines() do
  local shown = line:match("^text (.*)") or line:match("^mnemonic %S+ | (.*)")
    or line:match("^value (.*)") or line:match("^control %S+ | (.*) | %l+$") or ""
  shown = outside(shown)
  for _, name in ipairs(names) do shown = shown:gsub("%f[%w]" .. name .. "%f[%W]", "") end
  if shown:match("%a%a") then print(line) end
end
