-- SPDX-License-Identifier: GPL-3.0-or-later
-- Charts of series on two logarithmic axes, as an SVG picture: a row of them for each
-- quantity, a column for each kind of x. A dashed line shows what linear growth from
-- the first point would be.

local WIDTH <const>, HEIGHT <const>, GAP <const> = 240, 180, 60
local COLOURS <const> = { "#1f5fa8", "#b8450f" }

local out

local function add(format, ...)
  out[#out + 1] = format:format(...)
end

local function text(x, y, size, anchor, words)
  add('<text x="%.1f" y="%.1f" font-size="%d" text-anchor="%s">%s</text>', x, y, size, anchor,
    words)
end

-- Powers of ten around the values, as an axis from 0 to 1.
local function axis(values)
  local low, high = math.huge, -math.huge
  for _, v in ipairs(values) do
    low, high = math.min(low, v), math.max(high, v)
  end
  local first <const> = math.floor(math.log(low, 10) + 1e-9)
  local last <const> = math.max(math.ceil(math.log(high, 10) - 1e-9), first + 1)
  return { first = first, last = last, at = function(v)
    return (math.log(v, 10) - first) / (last - first)
  end }
end

local function number(power)
  return ("%." .. math.max(-power, 0) .. "f"):format(10.0 ^ power)
end

local function frame(left, top, x, y)
  for power = x.first, x.last do
    local at <const> = left + WIDTH * x.at(10.0 ^ power)
    add('<path d="M%.1f %d v%d" class="grid"/>', at, top, HEIGHT)
    text(at, top + HEIGHT + 14, 10, "middle", number(power))
  end
  for power = y.first, y.last do
    local at <const> = top + HEIGHT * (1 - y.at(10.0 ^ power))
    add('<path d="M%d %.1f h%d" class="grid"/>', left, at, WIDTH)
    text(left - 5, at + 3, 10, "end", number(power))
  end
end

local function path_of(points)
  local parts <const> = {}
  for i, p in ipairs(points) do
    parts[i] = ("%s%.1f %.1f"):format(i == 1 and "M" or "L", p[1], p[2])
  end
  return table.concat(parts, " ")
end

local function curve(s, quantity, place, colour)
  local points <const>, first <const> = {}, s.rows[1]
  for i, row in ipairs(s.rows) do
    points[i] = place(row.x, row[quantity.key] * quantity.scale)
    add('<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>', points[i][1], points[i][2], colour)
  end
  add('<path d="%s" fill="none" stroke="%s" stroke-width="2"/>', path_of(points), colour)
  local last_x <const> = s.rows[#s.rows].x
  local start <const> = first[quantity.key] * quantity.scale
  add('<path d="%s" fill="none" stroke="%s" stroke-dasharray="3 4"/>',
    path_of { place(first.x, start), place(last_x, start * last_x / first.x) }, colour)
end

local function panel(left, top, quantity, group)
  local xs <const>, ys <const> = {}, {}
  for _, s in ipairs(group) do
    local first <const> = s.rows[1]
    for _, row in ipairs(s.rows) do
      xs[#xs + 1] = row.x
      ys[#ys + 1] = row[quantity.key] * quantity.scale
    end
    ys[#ys + 1] = first[quantity.key] * quantity.scale * s.rows[#s.rows].x / first.x
  end
  local x <const>, y <const> = axis(xs), axis(ys)
  frame(left, top, x, y)
  text(left + WIDTH / 2, top + HEIGHT + 28, 11, "middle", group[1].unit)
  for i, s in ipairs(group) do
    curve(s, quantity, function(u, v)
      return { left + WIDTH * x.at(u), top + HEIGHT * (1 - y.at(v)) }
    end, COLOURS[i])
    add('<text x="%d" y="%d" font-size="11" fill="%s">%s</text>', left + (i - 1) * WIDTH // 2,
      top + HEIGHT + 44, COLOURS[i], s.title)
  end
end

-- Series of one unit share a column.
local function columns_of(series)
  local columns <const>, by_unit <const> = {}, {}
  for _, s in ipairs(series) do
    if not by_unit[s.unit] then
      by_unit[s.unit] = {}
      columns[#columns + 1] = by_unit[s.unit]
    end
    table.insert(by_unit[s.unit], s)
  end
  return columns
end

return function(path, quantities, series)
  local columns <const> = columns_of(series)
  local width <const> = GAP + #columns * (WIDTH + GAP)
  local height <const> = #quantities * (HEIGHT + GAP + 20)
  out = {}
  add('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" ' ..
    'font-family="sans-serif">', width, height, width, height)
  add('<style>.grid { stroke: #ccc; fill: none }</style>')
  add('<rect width="100%%" height="100%%" fill="white"/>')
  for i, quantity in ipairs(quantities) do
    local top <const> = (i - 1) * (HEIGHT + GAP + 20) + 30
    text(GAP, top - 12, 12, "start", quantity.title)
    for k, group in ipairs(columns) do
      panel(GAP + (k - 1) * (WIDTH + GAP), top, quantity, group)
    end
  end
  add("</svg>")
  local file <close> = assert(io.open(path, "w"))
  file:write(table.concat(out, "\n"), "\n")
end
