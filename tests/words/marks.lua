-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the shells say to people is marked for translation: every string of theirs
-- that has two words. Of a single word that cannot be known here; tests of what is
-- shown look for those. Run: lua tests/words/marks.lua ROOT
local tap <const> = require "tap"

local marks <const> = { _ = true, N_ = true, C_ = true, NC_ = true, sfm_translated_plural = true }

-- Strings that are for programs, or that no language has words of its own for.
local excused <const> = {
  "^  sfumato ",              -- command lines in examples
  "^sfumato %l+$",            -- a command's name
  "^sfumato: model and ", "^sfumato: sampling took ", -- what ./try reads
  "^%(",                      -- Scheme
  "^[%u%s%%%-%d.sg\\n]+$",    -- heads of tables, whose columns --help explains
}

local function is_excused(text)
  for _, pattern in ipairs(excused) do
    if text:match(pattern) then return true end
  end
  return false
end

-- Blanks for comments and character constants, which may hold quotes.
local function without_comments(source)
  local out <const>, at = {}, 1
  while at <= #source do
    local rest <const> = source:match('^[^/"\']+', at)
    local piece = rest or source:match("^//[^\n]*", at) or source:match("^/%*.-%*/", at)
      or source:match('^"[^"\\\n]*"', at)
    local keep <const> = rest ~= nil or source:sub(at, at) == '"'
    if not piece and source:sub(at, at) == '"' then
      local stop = at + 1
      while source:sub(stop, stop) ~= '"' do
        stop = stop + (source:sub(stop, stop) == "\\" and 2 or 1)
      end
      piece = source:sub(at, stop)
    elseif not piece and source:sub(at, at) == "'" then
      piece = source:match("^'\\?[^\n]-'", at) or "'"
    end
    piece = piece or source:sub(at, at)
    out[#out + 1] = (keep or #piece == 1) and piece or piece:gsub("[^\n]", " ")
    at = at + #piece
  end
  return table.concat(out)
end

-- Calls visit(text, line, marked) for every string; those that follow each other
-- are one. Marked is what stands within the parentheses of a mark.
local function each_string(source, visit)
  local at, line, depth, marked_at = 1, 1, 0, nil
  local text, started
  local function finish()
    if text then visit(text, started, marked_at ~= nil) end
    text = nil
  end
  while at <= #source do
    local c <const> = source:sub(at, at)
    local piece = c
    if c == '"' then
      local stop = at + 1
      while source:sub(stop, stop) ~= '"' do
        stop = stop + (source:sub(stop, stop) == "\\" and 2 or 1)
      end
      piece = source:sub(at, stop)
      started = text and started or line
      text = (text or "") .. piece:sub(2, -2)
    elseif c == "\n" then line = line + 1
    elseif c == "(" then
      finish()
      depth = depth + 1
      local word <const> = source:sub(math.max(at - 30, 1), at - 1):match("([%w_]+)$")
      if not marked_at and word and marks[word] then marked_at = depth end
    elseif c == ")" then
      finish()
      if marked_at == depth then marked_at = nil end
      depth = depth - 1
    elseif not c:match("[%s\\]") then finish()
    end
    at = at + #piece
  end
  finish()
end

local function unmarked(source)
  local found <const> = {}
  each_string(without_comments(source), function(text, line, marked)
    local words <const> = text:match("%a%a+[,;:]? %a%a+")
    if words and not marked and not is_excused(text) then
      found[#found + 1] = ("line %d: %s"):format(line, text)
    end
  end)
  return found
end

tap.test("marked strings are told from others", function()
  local function count(source) return #unmarked(source) end
  assert(count('puts("two words");') == 1)
  assert(count('puts(_("two words"));') == 0)
  assert(count('x = { N_("two " "words"), "key" };') == 0)
  assert(count('refuse(a ? _("two words") : "two words");') == 1)
  assert(count('f(sfm_translated_plural("one word", "two words", n));') == 0)
  assert(count('// "two words"\nchar c = \'"\'; puts("word");') == 0)
  assert(count('"two " /* of */ "words"') == 1)
  assert(count('"  sfumato info model\\n"') == 0)
end)

local root <const> = arg[1] or "."
local files <const> = "cd '%s' && find plugin -name '*.[ch]' | sort"
for path in io.popen(files:format(root)):lines() do
  local file <close> = assert(io.open(root .. "/" .. path))
  local found <const> = unmarked(file:read("a"))
  tap.test(path .. " marks what it says", function()
    assert(#found == 0, "\n" .. table.concat(found, "\n"))
  end)
end
tap.done()
