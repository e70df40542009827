-- SPDX-License-Identifier: GPL-3.0-or-later
-- Does what a page of docs/ says, from top to bottom, in an empty folder: a block
-- of Lua becomes the file that the text before it names last, `like-this.lua`; of
-- a console block, the lines after "$ " are run, and must print what is shown
-- below them, "..." standing for anything and 0.123 for any number of three
-- decimals, such as a time. TAP.
-- Run: lua page.lua PROGRAM SOURCE_ROOT PAGE [PICTURES]
-- With PICTURES, a folder, the pictures that the page shows are copied there.

local tap <const> = require "tap"
local program <const>, root <const>, page <const>, pictures <const> = ...

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
  local _, how <const>, status <const> = pipe:close()
  return text, how == "exit" and status or 128 + status
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
      for name in line:gmatch("`([%w-]+%.lua)`") do file = name end
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
    if open then
      last.command = last.command .. "\n" .. line
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
local bin <const> = capture(("realpath '%s'"):format(program)):match("^(.*)/")

local function run(command)
  write(folder .. "/command", command .. "\n")
  -- lavapipe leaves 128 bytes behind; leaks are the unit tests' business.
  local output <const>, status <const> = capture((
    "cd '%s' && unset XDG_DATA_HOME SFUMATO_MODELS SFUMATO_DEVICE; HOME='%s' SFUMATO_DATA='%s' "
    .. "PATH='%s':\"$PATH\" ASAN_OPTIONS=detect_leaks=0 sh command 2>messages"):format(
    folder, folder, root, bin))
  return output, read(folder .. "/messages"), status
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

local function try_block(block)
  local where <const> = "line " .. block.line
  if block.language == "lua" then
    tap.test(where .. ": " .. (block.file or "a script"), function()
      write(folder .. "/" .. assert(block.file, "nothing names the file of this block"), block.text)
      try_command("sfumato script check --quiet " .. block.file, "")
    end)
  elseif block.language == "console" then
    for _, one in ipairs(commands_of(block.text)) do
      tap.test(where .. ": " .. one.command:gsub("\n", " "), function()
        try_command(one.command, one.shown)
      end)
    end
  else
    tap.test(where .. ": is Lua or a console", function()
      error("a block of " .. block.language, 0)
    end)
  end
end

-- The pictures are of this page: a file of that name is made by its commands.
local function try_picture(path)
  tap.test("shows " .. path, function()
    local name <const> = path:match("[^/]+$")
    local made <const> = read(folder .. "/" .. name)
    if pictures then write(pictures .. "/" .. name, made) end
    assert(#read(page:match("^(.*)/") .. "/" .. path) > 0)
  end)
end

local text <const> = read(page)
for _, block in ipairs(blocks_of(text)) do try_block(block) end
for path in text:gmatch('"(pictures/tutorial/[^"]+)"') do try_picture(path) end
os.execute(("rm -rf '%s'"):format(folder))
tap.done()
