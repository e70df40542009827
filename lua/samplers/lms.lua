-- SPDX-License-Identifier: CC0-1.0
-- LMS: through the slopes of the last steps goes a polynomial, and under it lies
-- the step. The Adams-Bashforth method for uneven steps: Hairer, Norsett, Wanner:
-- Solving Ordinary Differential Equations I, section III.5.
-- Crowson: k-diffusion, sample_lms(). https://github.com/crowsonkb/k-diffusion

-- The integral from 0 to 1 of the polynomial that is 1 at u[j] and 0 at the others
-- (Lagrange). It is multiplied out: c[i] is the coefficient of the power i - 1.
local function weight(u, j)
  local c <const> = { 1 }
  for k = 1, #u do
    if k ~= j then
      for i = #c + 1, 1, -1 do
        c[i] = ((c[i - 1] or 0) - u[k] * (c[i] or 0)) / (u[j] - u[k])
      end
    end
  end
  local sum = 0
  for i = 1, #c do sum = sum + c[i] / i end
  return sum
end

return diffusion.sampler {
  api = 1, name = "lms", title = _"LMS", license = "CC0-1.0",
  order = function(p) return p.order end, evals = 1,
  params = {
    { "order", type = "integer", default = 4, min = 1, max = 4,
      label = _"Order", help = _"How many slopes the polynomial goes through" },
  },

  sample = function(ctx, x, sigmas, p)
    local slopes <const> = {} -- the newest first
    for i = 1, #sigmas - 1 do
      local a <const>, b <const> = sigmas[i], sigmas[i + 1]
      local x0 <const> = ctx:denoise(x, a)
      table.insert(slopes, 1, (x - x0) / a)
      slopes[p.order + 1] = nil
      local u <const> = {} -- their levels, a being 0 and b being 1
      for k = 1, #slopes do u[k] = (sigmas[i + 1 - k] - a) / (b - a) end
      local y = x
      for k, slope in ipairs(slopes) do y = y + (b - a) * weight(u, k) * slope end
      x = ctx:step(i, y, x0)
    end
    return x
  end,
}
