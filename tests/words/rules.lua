-- SPDX-License-Identifier: GPL-3.0-or-later
-- What msgfmt does not look at. From standard input: a catalogue as msgunfmt writes
-- it. Run: lua rules.lua LANGUAGE
local language <const> = arg[1]
local wide <const> = language:match("^ja") or language:match("^zh")

-- Pairs of what is said in English and here.
local function read_pairs()
  local found <const>, fields, at = {}, {}, nil
  local function finish()
    if fields.msgid and fields.msgid ~= "" then
      for key, text in pairs(fields) do
        if key:match("^msgstr") then
          local english <const> = key ~= "msgstr[0]" and fields.msgid_plural or fields.msgid
          found[#found + 1] = { english, text }
        end
      end
    end
    fields = {}
  end
  for line in io.lines() do
    local key <const>, text <const> = line:match('^(%S+) "(.*)"$')
    if key then at, fields[key] = key, text
    elseif line:match('^"') then fields[at] = fields[at] .. line:match('^"(.*)"$')
    elseif line == "" then finish()
    end
  end
  finish()
  return found
end

-- What must be the same on both sides: options, variables, commands in quotation
-- marks (those of other languages end in such bytes), file names, and what begins
-- and ends a text.
local kept <const> = {
  "%-%-[%l][%l-]+", "SFUMATO_%u+", '["\x80-\xff](sfumato %l+)', "[%w~/_-]+%.png",
  "[%w~/_-]+%.lua", "XDG_%u+_%u+",
}

local function sorted_matches(text, pattern)
  local found <const> = {}
  for word in text:gmatch(pattern) do found[#found + 1] = word end
  table.sort(found)
  return table.concat(found, " ")
end

local wrong = 0
local function complain(pair, what)
  print(("%s:\n  %s\n  %s"):format(what, pair[1], pair[2]))
  wrong = wrong + 1
end

for _, pair in ipairs(read_pairs()) do
  local english <const>, here <const> = pair[1]:gsub("\\n", "\n"), pair[2]:gsub("\\n", "\n")
  for _, pattern in ipairs(kept) do
    if sorted_matches(english, pattern) ~= sorted_matches(here, pattern) then
      complain(pair, "a name is not kept")
    end
  end
  for ending, other in pairs { [":"] = "：", ["…"] = "%.%.%.", ["%.%.%."] = "…", ["%s"] = "%s" } do
    local has_end <const> = here:match(ending .. "$") or here:match(other .. "$")
    if english:match(ending .. "$") and not has_end then
      complain(pair, "it must end as in English")
    end
  end
  if english:match("^%s") and not here:match("^%s") then
    complain(pair, "it must begin with blanks")
  end
  if wide and english:match("^[%a ]*_%a[%a ]*%p*$") and not here:match("%(_%w%)") then
    complain(pair, "a mnemonic stands behind the text, as in (_X)")
  end
end
os.exit(wrong == 0)
