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
  local pluginrc <const> = os.tmpname()
  local command <const> = table.concat({
    "GIMPRUN_PLUGINRC=" .. pluginrc, quoted(gimprun), host, quoted(plugins), quoted(form), "2>&1",
  }, " ")
  local pipe <const> = assert(io.popen(command))
  local output <const> = pipe:read("a")
  local ok <const>, _, status <const> = pipe:close()
  local file <const> = assert(io.open(pluginrc))
  local registered <const> = file:read("a")
  file:close()
  os.remove(pluginrc)
  return output, registered, ok, status
end

-- The arguments and values of the procedure as GIMP has written them down: in
-- 2.10 the name is the first text of each, in 3.0 the third.
local function names_in(registered)
  local entry <const> = registered:match('(%(proc%-def "plug%-in%-diffusion%-generate".-\n%(plug)')
    or registered:match('(%(proc%-def "plug%-in%-diffusion%-generate".*)')
  local pattern <const> = host == "2.10" and '%(proc%-arg %d+ "(.-)"'
    or '%(proc%-arg %d+ ".-" ".-" "(.-)"'
  local names <const> = {}
  for name in entry:gmatch(pattern) do names[#names + 1] = name end
  return table.concat(names, " "), entry
end

local function check_registration(registered)
  local got <const>, entry <const> = names_in(registered)
  local want <const> = "run-mode image drawable" .. (host == "2.10" and "" or "s")
    .. " model class width height count steps seed guidance schedule sampler script-params device "
    .. (host == "2.10" and "image num-layers layers" or "new-image layers")
  tap.test("the procedure has the arguments and values that are documented, in order", function()
    assert(got == want, "got " .. got .. ", want " .. want)
  end)
  tap.test("it is in the menu Filters > Generate", function()
    assert(entry:find('(menu-path "<Image>/Filters/Generate")', 1, true), entry)
  end)
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

local output <const>, registered <const>, ok <const>, status <const> = run()
check_registration(registered)
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
