-- SPDX-License-Identifier: GPL-3.0-or-later
-- Does what a page of docs/ says, from top to bottom, in an empty folder: a block
-- of Lua or bash becomes the file that the text before it names last,
-- `like-this.lua`; of a console block, the lines after "$ ", and after "> " those
-- that go on from them, are run, and must print what is shown below them, "..."
-- standing for anything and 0.123 for any number of three decimals, such as a
-- time. TAP.
-- Run: lua page.lua PROGRAM SOURCE_ROOT PAGE HOW [HOST=PLUGIN_FOLDER...]
-- HOW is "full"; "quick", as it but small and in two steps with all models but
-- digits; or "pictures", as "full", and the pictures that the page shows are made
-- anew.
-- HOST is a GIMP, 2.10 or 3.0; the others' commands are skipped.

local tap <const> = require "tap"
local program <const>, root <const>, page <const>, how <const> = ...

local function read(path)
  local file <const> = assert(io.open(path, "rb"))
  local text <const> = file:read("a")
  file:close()
  return text
end

local function write(path, text)
  local file <const> = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

local function capture(command)
  local pipe <const> = assert(io.popen(command))
  local text <const> = pipe:read("a")
  local _, ended <const>, status <const> = pipe:close()
  return text, ended == "exit" and status or 128 + status
end

-- ---- the page ---------------------------------------------------------------

-- The blocks of a page: { language, text, line, file }.
local function blocks_of(text)
  local blocks <const>, number = {}, 0
  local file, block
  for line in text:gmatch("([^\n]*)\n") do
    number = number + 1
    local language <const> = line:match("^```(%w*)$")
    if block and language then
      blocks[#blocks + 1], block = block, nil
    elseif language then
      block = { language = language, line = number, file = file, text = "" }
    elseif block then
      block.text = block.text .. line .. "\n"
    else
      for name in line:gmatch("`([%w-]+%.%l+)`") do
        if name:find("%.lua$") or name:find("%.sh$") or name:find("%.sbatch$") then file = name end
      end
    end
  end
  assert(not block, "a block has no end")
  return blocks
end

-- The commands of a console block, and what each is shown to print.
local function commands_of(text)
  local commands <const> = {}
  local open = false -- the command goes on in the next line
  for line in text:gmatch("([^\n]*)\n") do
    local last <const> = commands[#commands]
    local more <const> = line:match("^> (.*)$")
    if open or more then
      last.command = last.command .. "\n" .. (more or line)
    elseif line:sub(1, 2) == "$ " then
      commands[#commands + 1] = { command = line:sub(3), shown = "" }
    else
      assert(last, "a console block begins with \"$ \"").shown = last.shown .. line .. "\n"
    end
    open = (open or line:sub(1, 2) == "$ ") and line:sub(-1) == "\\"
  end
  return commands
end

-- ---- doing it ---------------------------------------------------------------

local folder <const> = capture("mktemp -d"):match("[^\n]+")
local real_program <const> = capture(("realpath '%s'"):format(program)):match("[^\n]+")
local own <const> = capture("mktemp -d"):match("[^\n]+") -- programs that stand before the real ones

local function add_program(name, text)
  write(own .. "/" .. name, "#!/bin/bash\n" .. text)
  assert(os.execute(("chmod +x '%s/%s'"):format(own, name)))
end

-- What comes last on a command line counts.
local function add_sfumato()
  local more <const> = how ~= "quick" and "" or [[
case " $* " in
  *" --model digits "*) ;; # quick as it is
  " generate "*) set -- "$@" --steps 2 --size 32x32 ;;
  " vary "*) set -- "$@" --steps 2 ;;
  " inpaint "*) set -- "$@" --steps 2 --rounds 1 ;;
esac
]]
  add_program("sfumato", ("%sexec '%s' \"$@\"\n"):format(more, real_program))
end

-- A GIMP without what the person has in theirs, and with our plug-in.
local function add_gimp(host, plugins)
  local console <const> = "gimp-console-" .. host
  local real <const> = capture("command -v " .. console):match("[^\n]+")
  if not real then return end
  add_program(console, ([[
profile='%s/profile-%s' system=$(pkg-config --variable=gimplibdir gimp-%s)/plug-ins
if [ ! -d "$profile" ]; then
  mkdir -p "$profile"/{sys,brushes,dynamics,gradients,palettes,patterns,tool-presets,fonts}
  for plugin in script-fu file-png; do ln -s "$system/$plugin" "$profile/sys/$plugin"; done
  printf '(plug-in-path "%%s")\n' '%s':"$profile/sys" >"$profile/gimprc"
fi
exec env -u DISPLAY %s="$profile" %s "$@"
]]):format(own, host, host == "3.0" and host or "2.0", plugins,
    host == "3.0" and "GIMP3_DIRECTORY" or "GIMP2_DIRECTORY", real))
end

add_sfumato()
for _, given in ipairs({ select(5, ...) }) do
  add_gimp(given:match("^(.-)=(.*)$"))
end

local function run(command)
  write(folder .. "/command", command .. "\n")
  -- lavapipe leaves 128 bytes behind; leaks are the unit tests' business.
  local output <const>, status <const> = capture((
    "cd '%s' && unset XDG_DATA_HOME SFUMATO_MODELS SFUMATO_DEVICE; HOME='%s' SFUMATO_DATA='%s' "
    .. "PATH='%s':\"$PATH\" ASAN_OPTIONS=detect_leaks=0 sh command 2>messages </dev/null"):format(
    folder, folder, root, own))
  return output, read(folder .. "/messages"), status
end

-- The name of a program that a block needs and that is not here, if there is one.
local function missing_program(text)
  for _, name in ipairs { "gimp-console-2.10", "gimp-console-3.0", "parallel", "montage" } do
    local look <const> = name:find("^gimp") and ("[ -x '%s/%s' ]"):format(own, name)
      or "command -v " .. name .. " >/dev/null"
    local named <const> = ("\n" .. text):find("[\n|$] *" .. name:gsub("%p", "%%%0") .. " ")
    if named and not os.execute(look) then return name end
  end
end

-- What a terminal has wiped away when the command ends.
local function without_progress(text)
  local kept <const> = {}
  for line in text:gmatch("[^\n]+") do
    if not line:find("^ *%d+%%  ") and line ~= "Loading the model" then kept[#kept + 1] = line end
  end
  return table.concat(kept, "\n")
end

local function matches(printed, shown)
  local pattern <const> = shown:gsub("%s+$", ""):gsub("%p", "%%%0"):gsub("%%%.%%%.%%%.", ".-")
    :gsub("%d+%%%.%d%d%d%f[%D]", "%%d+%%.%%d%%d%%d")
  return printed:find("^" .. pattern .. "$") ~= nil
end

-- Messages may come before the output or after it.
local function try_command(command, shown)
  local output <const>, messages <const>, status <const> = run(command)
  local printed <const> = without_progress(output .. messages)
  if not matches(printed, shown) and not matches(without_progress(messages .. output), shown) then
    error("it printed\n" .. printed, 0)
  end
  -- A mistake that is shown may fail.
  if status ~= 0 and shown == "" then error("exit status " .. status, 0) end
end

local checks <const> = {
  lua = "sfumato script check --quiet ",
  bash = "bash -n ",
}

local function try_file(block)
  tap.test(("line %d: %s"):format(block.line, block.file or "a file"), function()
    write(folder .. "/" .. assert(block.file, "nothing names the file of this block"), block.text)
    try_command(checks[block.language] .. block.file, "")
  end)
end

local function try_console(block)
  local missing <const> = missing_program(block.text)
  for _, one in ipairs(commands_of(block.text)) do
    local sentence <const> = ("line %d: %s"):format(block.line, one.command:gsub("\n", " "))
    if missing then tap.skip(sentence, missing .. " is not here")
    else tap.test(sentence, function() try_command(one.command, one.shown) end)
    end
  end
end

local function try_block(block)
  if checks[block.language] then try_file(block)
  elseif block.language == "console" then try_console(block)
  else
    tap.test("line " .. block.line .. ": is Lua, bash or a console", function()
      error("a block of " .. block.language, 0)
    end)
  end
end

-- The pictures are of this page: a file of that name is made by its commands.
local function try_picture(path)
  tap.test("shows " .. path, function()
    local made <const> = read(folder .. "/" .. path:match("[^/]+$"))
    local at <const> = page:match("^(.*)/") .. "/" .. path
    if how == "pictures" then write(at, made) end
    assert(#read(at) > 0)
  end)
end

local text <const> = read(page)
local made <const> = {}
for path in text:gmatch('"([^"]*pictures/%l+/[^"]+)"') do
  local name <const> = path:match("[^/]+$")
  if path:find("pictures/inputs/", 1, true) then
    write(folder .. "/" .. name, read(page:match("^(.*)/") .. "/" .. path))
  elseif not made[path] then
    made[#made + 1], made[path] = path, true
  end
end
for _, block in ipairs(blocks_of(text)) do try_block(block) end
for _, path in ipairs(made) do try_picture(path) end
os.execute(("rm -rf '%s' '%s'"):format(folder, own))
tap.done()
