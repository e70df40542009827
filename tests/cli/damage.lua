-- SPDX-License-Identifier: GPL-3.0-or-later
-- Copies a safetensors file with one thing wrong. Run: lua damage.lua KIND IN OUT

local kind <const>, from <const>, to <const> = ...

local function read(path)
  local file <const> = assert(io.open(path, "rb"))
  local bytes <const> = file:read("a")
  file:close()
  return bytes
end

local function write(path, bytes)
  local file <const> = assert(io.open(path, "wb"))
  file:write(bytes)
  file:close()
end

local bytes <const> = read(from)
local length <const> = string.unpack("<I8", bytes)
local header <const> = bytes:sub(9, 8 + length)
local data <const> = bytes:sub(9 + length)

local function with_header(text)
  return string.pack("<I8", #text) .. text .. data
end

-- The header with the first match replaced; the pattern must be there.
local function replaced(pattern, by)
  local text <const>, count <const> = header:gsub(pattern, by, 1)
  assert(count == 1, pattern)
  return text
end

local first_weight <const> = '"conv_in%.weight":%{"dtype":"F16","shape":%[(%d+),(%d+),3,3%]'

local damages <const> = {
  empty = function() return "" end,
  truncated = function() return bytes:sub(1, #bytes // 2) end,
  huge_header = function() return string.pack("<I8", 1 << 62) .. header .. data end,
  broken_header = function() return with_header((header:gsub("}%s*$", ""))) end,
  overlapping = function()
    local pattern <const> = '("conv_in%.bias":.-"data_offsets":%[)(%d+),(%d+)'
    return with_header(replaced(pattern, function(head, from_byte, to_byte)
      return ("%s%d,%d"):format(head, from_byte - 2, to_byte - 2)
    end))
  end,
  wrong_dtype = function() return with_header(replaced('"dtype":"F16"', '"dtype":"F99"')) end,
  wrong_shape = function()
    return with_header(replaced(first_weight, function(a, b)
      return ('"conv_in.weight":{"dtype":"F16","shape":[%d,%d,3,3]'):format(b, a)
    end))
  end,
  missing = function() return with_header(replaced('"conv_in%.bias"', '"conv_in.other"')) end,
  -- The high byte of the first half float becomes that of a NaN.
  nan = function() return bytes:sub(1, 8 + length) .. "\xff\x7f" .. data:sub(3) end,
}

write(to, damages[kind]())
