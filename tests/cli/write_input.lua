-- SPDX-License-Identifier: GPL-3.0-or-later
-- Writes an input of predict: any numbers for a network of so many channels and
-- pixels a side, two images. KIND says what is wrong with it, if anything is.
-- Run: lua write_input.lua CHANNELS SIDE OUT [KIND]

local channels <const>, side <const>, to <const>, kind <const> = ...
local count <const> = 2 * channels * side * side

local sample <const> = {}
for i = 1, count do
  sample[i] = 2 * math.sin(0.7 * i * i)
end
if kind == "nan_sample" then sample[6] = 0 / 0 end

local tensors <const> = {
  { "sample", "F32", ("2,%d,%d,%d"):format(channels, side, side), sample },
  { "timestep", "I64", "2", { 500, 37 } },
  { "class_labels", "I64", "2", { 1, kind == "bad_label" and 11 or 10 } },
}
if kind == "f64_sample" then tensors[1][2] = "F64" end
if kind == "infinite_timestep" then tensors[2] = { "timestep", "F32", "2", { 500, math.huge } } end

local formats <const> = { F32 = "<f", F64 = "<d", I64 = "<i8" }
local entries <const>, data <const>, size = {}, {}, 0
for _, tensor in ipairs(tensors) do
  local name <const>, dtype <const>, shape <const>, numbers <const> = table.unpack(tensor)
  local begin <const> = size
  for _, number in ipairs(numbers) do
    data[#data + 1] = string.pack(formats[dtype], number)
    size = size + #data[#data]
  end
  entries[#entries + 1] = ('"%s":{"dtype":"%s","shape":[%s],"data_offsets":[%d,%d]}'):format(
    name, dtype, shape, begin, size)
end
local header <const> = "{" .. table.concat(entries, ",") .. "}"
local padded <const> = header .. (" "):rep(-#header % 8)

local file <const> = assert(io.open(to, "wb"))
file:write(string.pack("<s8", padded), table.concat(data))
file:close()
