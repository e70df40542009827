-- SPDX-License-Identifier: GPL-3.0-or-later
-- Whether FILE holds what `sfumato bench --repeats 3 --steps 2 --batch 2 --json digits`
-- is to print: the numbers must fit together.

local read <const> = dofile(arg[0]:gsub("cli/[^/]*$", "bench/read_json.lua"))
local bench <const> = read(io.open(arg[1]):read("a"))

local function check_times(key)
  local t <const> = bench[key]
  local sorted <const> = table.move(t.each, 1, #t.each, 1, {})
  table.sort(sorted)
  assert(t.count == 3 and #t.each == 3, key .. ": not three")
  assert(t.fastest == sorted[1] and t.median == sorted[2] and t.slowest == sorted[3], key)
  local lower <const>, upper <const> = (sorted[1] + sorted[2]) / 2, (sorted[2] + sorted[3]) / 2
  assert(math.abs(t.lower_quartile / lower - 1) < 1e-5, key .. ": lower quartile")
  assert(math.abs(t.upper_quartile / upper - 1) < 1e-5, key .. ": upper quartile")
end

for _, key in ipairs { "wall_ms", "cpu_ms", "run_wall_ms", "run_cpu_ms" } do
  check_times(key)
end
assert(bench.model == "digits" and bench.width == 24 and bench.height == 24 and bench.batch == 2)
assert(bench.run_steps == 2 and bench.calls == #bench.steps)
assert(bench.arena_floor_bytes <= bench.arena_bytes and bench.parameters > 9e5)

local sum <const> = { dispatches = 0, bytes = 0, flop = 0 }
for _, step in ipairs(bench.steps) do
  assert(step.ms > 0 and step.cpu_ms >= 0 and #step.op > 0 and #step.kernel > 0, "a step")
  local ms = 0
  for _, launch in ipairs(step.launches) do
    assert(#launch.shader > 0, "a launch")
    ms = ms + launch.ms
  end
  assert(math.abs(ms / step.ms - 1) < 1e-6, "a step is the sum of its launches")
  sum.dispatches = sum.dispatches + #step.launches
  sum.bytes, sum.flop = sum.bytes + step.bytes, sum.flop + step.flop
end
assert(sum.dispatches == bench.dispatches, "dispatches")
assert(math.abs(sum.bytes / bench.bytes - 1) < 1e-6, "bytes")
assert(sum.flop <= bench.flop * (1 + 1e-6) and sum.flop > 0.9 * bench.flop, "flop")
