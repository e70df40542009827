-- SPDX-License-Identifier: CC0-1.0
-- DPM-Solver++ 2S with noise: each step, and the step to its middle, goes below
-- its level and draws what is missing.
-- Lu, Zhou, Bao, Chen, Li, Zhu: DPM-Solver++, algorithm 1, in sigma space, where
-- lambda = -ln sigma. https://arxiv.org/abs/2211.01095
-- The noise: Crowson, sample_dpmpp_sde. https://github.com/crowsonkb/k-diffusion

return diffusion.sampler {
  api = 1, name = "dpmpp-sde", title = _"DPM-Solver++ SDE", license = "CC0-1.0",
  order = function(p) if p.eta == 0 then return 2 end end,
  stochastic = function(p) return p.eta > 0 end,
  evals = 2,
  params = {
    { "eta", type = "number", default = 1, min = 0, max = 1, step = 0.05,
      label = _"Eta", help = _"0 draws no noise, 1 as much as DDPM" },
  },

  sample = function(ctx, x, sigmas, p)
    local function draw() return p.eta > 0 and ctx:noise() or 0 end
    -- Towards the estimate d, from x at level a to level b.
    local function go(a, b, d, noise)
      local up <const> = p.eta * b * math.sqrt(1 - (b / a) ^ 2)
      local down <const> = math.sqrt(b * b - up * up)
      local y <const> = down / a * x + (1 - down / a) * d
      return up > 0 and y + up * noise or y
    end
    for i = 1, #sigmas - 1 do
      local a <const>, b <const> = sigmas[i], sigmas[i + 1]
      local x0 <const> = ctx:denoise(x, a)
      if b == 0 then return ctx:step(i, x0, x0) end
      -- To the middle and to the end: one Brownian path, whose time is sigma.
      local s <const> = math.sqrt(a * b)
      local half <const> = draw()
      local whole <const> = math.sqrt((a - s) / (a - b)) * half
        + math.sqrt((s - b) / (a - b)) * draw()
      x = ctx:step(i, go(a, b, ctx:denoise(go(a, s, x0, half), s), whole), x0)
    end
    return x
  end,
}
