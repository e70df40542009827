-- SPDX-License-Identifier: GPL-3.0-or-later
-- Runs a file of assertions in GIMP and tells the outcome as TAP.
--   lua suite.lua HOST GIMPRUN PLUGIN_FOLDER ASSERTIONS FOLDER
-- HOST is 2.10 or 3.0, PLUGIN_FOLDER holds diffusion/diffusion, FOLDER is one
-- that the assertions may read from.
local tap <const> = require "tap"
local host <const>, gimprun <const>, plugins <const>, assertions <const>, folder <const> =
  table.unpack(arg)
local here <const> = assertions:match("^(.*)/") or "."

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

-- One form, since GIMP forgets definitions from one to the next.
local function run()
  local form <const> = ('(begin (define folder "%s") (load "%s") (load "%s") (load "%s"))'):format(
    folder, here .. "/words-" .. host .. ".scm", here .. "/assert.scm", assertions)
  local command <const> =
    table.concat({ quoted(gimprun), host, quoted(plugins), quoted(form), "2>&1" }, " ")
  local pipe <const> = assert(io.popen(command))
  local output <const> = pipe:read("a")
  local ok <const>, _, status <const> = pipe:close()
  return output, ok, status
end

-- The texts between TEST-EXPECT and TEST-OUTCOME must hold what is expected.
local function check_texts(output)
  for want, said in output:gmatch("TEST%-EXPECT (.-)\n\n(.-)TEST%-OUTCOME") do
    tap.test("says: " .. want:gsub("\n", " "), function()
      assert(said:find(want, 1, true), "was said: " .. said)
    end)
  end
end

local function check_sentences(output)
  local count = 0
  for outcome, sentence in output:gmatch("TEST%-(%u+) ([^\n]+)") do
    if outcome == "PASSED" or outcome == "FAILED" then
      count = count + 1
      tap.test(sentence, function() assert(outcome == "PASSED", sentence) end)
    end
  end
  assert(count > 0, "no assertion has run: " .. output)
end

local output <const>, ok <const>, status <const> = run()
check_sentences(output)
check_texts(output)
tap.test("all assertions ran to their end", function()
  assert(ok, "gimprun ended with " .. tostring(status) .. "\n" .. output)
end)
tap.test("nothing crashed, leaked or was dropped", function()
  for _, trouble in ipairs { "Plug%-in crashed", "leaked", "AddressSanitizer", "runtime error",
                             "invalid or out of range for property", "sfumato: " } do
    assert(not output:find(trouble), trouble .. " in\n" .. output)
  end
end)
tap.done()
