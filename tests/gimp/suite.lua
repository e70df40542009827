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

-- The arguments and values of a procedure as GIMP has written them down: in
-- 2.10 the name is the first text of each, in 3.0 the third.
local function names_in(registered, procedure)
  local head <const> = '(proc-def "' .. procedure .. '"'
  local start <const> = assert(registered:find(head, 1, true), procedure)
  local stop <const> = registered:find("\n%(p[rl][ou][cg]", start + 1) or #registered
  local entry <const> = registered:sub(start, stop):gsub('(.)%(proc%-def .*', "%1")
  local pattern <const> = host == "2.10" and '%(proc%-arg %d+ "(.-)"'
    or '%(proc%-arg %d+ ".-" ".-" "(.-)"'
  local names <const> = {}
  for name in entry:gmatch(pattern) do names[#names + 1] = name end
  return table.concat(names, " "), entry
end

local FIELDS <const> = "count steps seed guidance schedule sampler script-params device"
local ARGUMENTS <const> = {
  generate = "model class width height " .. FIELDS .. " frames seamless tile",
  vary = "model class " .. FIELDS .. " strength tile",
  denoise = "model class " .. FIELDS .. " sigma strength luminance colour tile average",
  interpolate = "to model class " .. FIELDS .. " level mixing tile",
  inpaint = "model class " .. FIELDS .. " strength rounds jump tile",
}

local function check_procedure(registered, job)
  local got <const>, entry <const> = names_in(registered, "plug-in-diffusion-" .. job)
  local want <const> = "run-mode image drawable" .. (host == "2.10" and "" or "s") .. " "
    .. ARGUMENTS[job] .. (host == "2.10" and " image num-layers layers" or " new-image layers")
  tap.test(job .. " has the arguments and values that are documented, in order", function()
    assert(got == want, "got " .. got .. ", want " .. want)
  end)
  tap.test(job .. (job == "generate" and " is in the menu Filters > Generate" or " is in no menu"),
    function()
      local there <const> = entry:find('(menu-path "<Image>/Filters/Generate")', 1, true)
      assert((there ~= nil) == (job == "generate"), entry)
    end)
end

local function check_registration(registered)
  for _, job in ipairs { "generate", "vary", "denoise", "interpolate", "inpaint" } do
    check_procedure(registered, job)
  end
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
tap.test("nothing crashed but what was killed, leaked or was dropped", function()
  local _, killed <const> = output:gsub("TEST%-KILLED", "")
  local _, crashed <const> = output:gsub("Plug%-in crashed", "")
  assert(crashed == killed, crashed .. " crashed and " .. killed .. " were killed in\n" .. output)
  for _, trouble in ipairs { "leaked", "AddressSanitizer", "runtime error",
                             "invalid or out of range for property", "sfumato: " } do
    assert(not output:find(trouble), trouble .. " in\n" .. output)
  end
end)
tap.done()
