-- SPDX-License-Identifier: GPL-3.0-or-later
-- The manual page sfumato(1), from what the program says of itself, so that it
-- cannot lag behind. Run: lua manual.lua PROGRAM > sfumato.1
local program <const> = arg[1]

local front <const> = [[
.SH NAME
sfumato \- make pictures by denoising diffusion on Vulkan
.SH SYNOPSIS
.B sfumato
.I COMMAND
.RI [ OPTION ...]
.SH DESCRIPTION
.B sfumato
runs denoising diffusion models on any Vulkan device, from a graphics card down to the software one.
It does what the plug-in
.B Diffusion
does in GIMP, for the terminal and for scripts.
Models are folders in the layout of diffusers; nothing in them is ever executed.
Schedules and samplers are scripts in Lua, the user's own beside those that come with the program.
]]

local back <const> = [[
.SH SCHEDULES AND SAMPLERS
.B sfumato generate \-\-help
lists those that there are, with their knobs;
.B sfumato script list
says what each claims and where it lies.
.SH FILES
.TP
.I $XDG_DATA_HOME/sfumato/models
models of the user's own, a folder each; XDG_DATA_HOME is
.I ~/.local/share
unless set
.TP
.I $XDG_DATA_HOME/sfumato/scripts
schedules and samplers of the user's own
.SH SEE ALSO
.BR gimp (1),
.BR vulkaninfo (1)
]]

-- Not a word of troff, whatever it is.
local function plain(text)
  return (text:gsub("\\", "\\e"):gsub("%-", "\\-"):gsub("^([.'])", "\\&%1"))
end

local function bold(word) return "\\fB" .. plain(word) .. "\\fR" end

local function lines_of(text)
  local lines <const> = {}
  for line in (text .. "\n"):gmatch("(.-)\n") do lines[#lines + 1] = line end
  return lines
end

-- What the program prints. Of data there is none, which keeps the schedules and
-- samplers that are found where this runs out of the page.
local function ask(arguments)
  local pipe <const> = assert(io.popen(("SFUMATO_DATA=/nonexistent XDG_DATA_HOME=/nonexistent "
    .. "LC_ALL=C.UTF-8 LANGUAGE= '%s' %s"):format(program, arguments)))
  local text <const> = pipe:read("a")
  assert(pipe:close(), "sfumato " .. arguments .. " has failed")
  return text:gsub("…", "...")
end

-- Paragraphs; lines that are set in become an example as they are.
local function add_prose(page, lines)
  local example, paragraph = false, false
  for _, line in ipairs(lines) do
    local indented <const> = line:match("^  ") ~= nil
    if indented ~= example and line ~= "" then
      page[#page + 1] = indented and ".PP\n.EX" or ".EE"
      example, paragraph = indented, false
    end
    if line == "" then paragraph = false
    elseif indented then page[#page + 1] = plain(line)
    else
      if not paragraph then page[#page + 1] = ".PP" end
      page[#page + 1], paragraph = plain(line), true
    end
  end
  if example then page[#page + 1] = ".EE" end
end

-- "-n, --count=N" -> bold words, what they take in italics.
local function tag(option)
  local short <const>, rest <const> = option:match("^(%-%w), (.*)$")
  if short then return bold(short) .. ", " .. tag(rest) end
  local name <const>, value <const> = option:match("^(%-%-[%w-]+)=?(.*)$")
  return bold(name) .. (value ~= "" and "=\\fI" .. plain(value) .. "\\fR" or "")
end

-- Rows of two columns, as tagged paragraphs.
local function add_rows(page, lines, make_tag)
  for _, line in ipairs(lines) do
    local left <const>, right <const> = line:match("^  (%S.-)%s%s+(.*)$")
    if left then
      page[#page + 1] = (".TP\n%s\n%s"):format(make_tag(left), plain(right))
    elseif line:match("^%s+%S") then page[#page + 1] = plain(line:match("^%s+(.*)$"))
    end
  end
end

-- The lines below a line "HEADING:", up to the next such.
local function section(lines, heading)
  local found <const>, inside = {}, false
  for _, line in ipairs(lines) do
    if line == heading .. ":" then inside = true
    elseif inside and (line == "" or line:match("^%S")) then break
    elseif inside then found[#found + 1] = line
    end
  end
  return found
end

-- A command's --help: usage, summary, options, and what is left.
local function read_help(words)
  local lines <const> = lines_of(ask(words .. " --help"))
  local help <const> = { usage = lines[2]:match("^%s*(.*)$"), summary = {}, details = {} }
  local part = "summary"
  for i = 3, #lines do
    if lines[i] == "Help Options:" then part = "options"
    elseif lines[i] == "Schedules and their knobs:" then break
    elseif part == "options" and lines[i]:match("^%S") and not lines[i]:match(" Options:$") then
      part = "details"
    end
    if help[part] then table.insert(help[part], lines[i]) end
  end
  help.help_options = section(lines, "Help Options")
  help.options = section(lines, "Application Options")
  return help
end

local function name_of(option_line) return option_line:match("(%-%-[%w-]+)") end

-- Options that every command has stand in a section of their own.
local common <const> = {
  ["--help"] = true, ["--data"] = true, ["--quiet"] = true,
  ["--device"] = true, ["--validate"] = true,
}

local function filter(lines, wanted)
  local found <const> = {}
  for _, line in ipairs(lines) do
    local name <const> = name_of(line)
    if name and (common[name] or false) == wanted then found[#found + 1] = line end
  end
  return found
end

local function add_command(page, words)
  local help <const> = read_help(words)
  page[#page + 1] = ('.SS "%s"'):format(plain(help.usage))
  add_prose(page, help.summary)
  add_rows(page, filter(help.options, false), tag)
  add_prose(page, help.details)
end

-- Those that have commands of their own, too.
local function add_commands(page, words)
  for _, line in ipairs(section(lines_of(ask(words .. " --help")), "Commands")) do
    local name <const> = words .. " " .. line:match("^%s+(%S+)")
    if #section(lines_of(ask(name .. " --help")), "Commands") > 0 then add_commands(page, name)
    else add_command(page, name)
    end
  end
end

local version <const> = ask("--version"):match("%S+%s+(%S+)")
local main <const> = lines_of(ask("--help"))
local page <const> = { ('.TH SFUMATO 1 "" "Sfumato %s" "User Commands"'):format(version) }
page[#page + 1] = front:gsub("\n$", "")
page[#page + 1] = ".SH COMMANDS"
add_commands(page, "")
page[#page + 1] = ".SH COMMON OPTIONS"
add_prose(page, {
  "All commands have these; --device and --validate are of those that open a device.",
})
local generate <const> = read_help("generate")
add_rows(page, generate.help_options, tag)
add_rows(page, filter(generate.options, true), tag)
page[#page + 1] = ".SH EXAMPLES\n.EX"
for _, line in ipairs(section(main, "Examples")) do page[#page + 1] = plain(line) end
page[#page + 1] = ".EE"
page[#page + 1] = ".SH ENVIRONMENT"
add_rows(page, section(main, "Environment"), bold)
page[#page + 1] = ".SH EXIT STATUS"
add_rows(page, section(main, "Exit status"), bold)
page[#page + 1] = back
io.write(table.concat(page, "\n"))
