-- SPDX-License-Identifier: CC0-1.0
-- UniPC: a predictor takes a step by the last estimates of the model; the estimate
-- at its end, which the next step needs anyway, corrects it.
-- Zhao, Bai, Rao, Zhou, Lu: UniPC, multistep UniP-p and UniC-p with B(h), in sigma
-- space, where lambda = -ln sigma. https://arxiv.org/abs/2302.04867

-- The rho for which the sums of r[k]^(i-1) rho[k] are c[i]: a Vandermonde system.
-- Björck, Pereyra. Writes rho over c.
local function solve(r, c)
  local n <const> = #r
  for k = 1, n - 1 do
    for i = n, k + 1, -1 do c[i] = c[i] - r[k] * c[i - 1] end
  end
  for k = n - 1, 1, -1 do
    for i = k + 1, n do c[i] = c[i] / (r[i] - r[i - k]) end
    for i = k, n - 1 do c[i] = c[i] - c[i + 1] end
  end
  return c
end

-- From x at level sigmas[i] to the next, by the estimate m[i] there and those at
-- the levels `others`.
local function leap(x, sigmas, m, i, others, p)
  local a <const>, b <const> = sigmas[i], sigmas[i + 1]
  local length <const> = math.log(a / b)
  local of_noise <const> = p.predict == "noise"
  local h <const> = of_noise and length or -length
  local phi = of_noise and a / b - 1 or b / a - 1 -- exp(h) - 1
  local scale <const> = of_noise and b or 1
  local y = of_noise and x - scale * phi * m[i] or b / a * x - phi * m[i]
  if #others == 0 then return y end
  local r <const>, c <const> = {}, {}
  local half <const> = (p.solver == "bh1" and h or phi) / 2 -- B(h) / 2
  local factorial = 1
  phi = phi / h - 1
  for k, j in ipairs(others) do
    r[k], c[k] = math.log(a / sigmas[j]) / length, phi * factorial
    factorial = factorial * (k + 1)
    phi = phi / h - 1 / factorial
  end
  if #others == 1 then c[1] = half else solve(r, c) end
  for k, j in ipairs(others) do y = y - scale * c[k] / r[k] * (m[j] - m[i]) end
  return y
end

return diffusion.sampler {
  api = 1, name = "unipc", title = _"UniPC", license = "CC0-1.0",
  order = function(p) return p.order + 1 end, evals = 1,
  params = {
    { "order", type = "integer", default = 2, min = 1, max = 3,
      label = _"Order", help = _"Order of the predictor; the corrector adds one" },
    { "solver", type = "choice", default = "bh2", choices = { "bh1", "bh2" },
      label = _"B(h)", help = _"h, or exp(h) - 1, measures a slope from one other estimate" },
    { "predict", type = "choice", default = "data", choices = { "data", "noise" },
      label = _"Integrate", help = _"The clean estimate, or the noise estimate" },
    { "lowered", type = "integer", default = 0, min = 0, max = 2,
      label = _"Lowered", help = _"Last steps of lower order: steadier in short runs" },
    { "uncorrected", type = "text", default = "",
      label = _"Not corrected", help = _"Numbers of the steps that are not: 1, 2" },
  },

  sample = function(ctx, x, sigmas, p)
    local n <const> = #sigmas - 1
    local m <const>, left <const> = {}, {}
    for number in p.uncorrected:gmatch("%d+") do left[tonumber(number)] = true end
    local from, others -- what the last step started from and went by
    for i = 1, n do
      local x0 <const>, eps <const> = ctx:denoise(x, sigmas[i])
      m[i], m[i - 4] = p.predict == "noise" and eps or x0, nil
      if i > 1 and not left[i - 1] then
        others[#others + 1] = i
        x = leap(from, sigmas, m, i - 1, others, p)
        x:set(x) -- computed now: kept as it is, it would grow from step to step
      end
      if sigmas[i + 1] == 0 then return ctx:step(i, x0, x0) end
      others = {}
      local order <const> = math.min(p.order, i, i > n - p.lowered and n + 1 - i or 3)
      for j = 1, order - 1 do others[j] = i - j end
      from = x
      x = ctx:step(i, leap(x, sigmas, m, i, others, p), x0)
    end
    return x
  end,
}
