-- SPDX-License-Identifier: GPL-3.0-or-later
-- Writes an input of predict: any numbers for a network of so many channels and
-- pixels a side, two images. Run: lua write_input.lua CHANNELS SIDE OUT

local channels <const>, side <const>, to <const> = ...
local count <const> = 2 * channels * side * side

local numbers <const> = {}
for i = 1, count do
  numbers[i] = string.pack("<f", 2 * math.sin(0.7 * i * i))
end

local header <const> = ([[{"sample":{"dtype":"F32","shape":[2,%d,%d,%d],"data_offsets":[0,%d]},]]
  .. [["timestep":{"dtype":"I64","shape":[2],"data_offsets":[%d,%d]},]]
  .. [["class_labels":{"dtype":"I64","shape":[2],"data_offsets":[%d,%d]}}]]):format(
  channels, side, side, 4 * count, 4 * count, 4 * count + 16, 4 * count + 16, 4 * count + 32)
local padded <const> = header .. (" "):rep(-#header % 8)

local file <const> = assert(io.open(to, "wb"))
file:write(string.pack("<s8", padded), table.concat(numbers),
  string.pack("<i8i8i8i8", 500, 37, 1, 10)) -- timesteps, labels
file:close()
