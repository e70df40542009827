-- SPDX-License-Identifier: CC0-1.0
-- DPM-Solver++ 2S: the clean estimate at the start of each step and at a level
-- within it, and what it adds up to integrated.
-- Lu, Zhou, Bao, Chen, Li, Zhu: DPM-Solver++, algorithm 1, in sigma space, where
-- lambda = -ln sigma. https://arxiv.org/abs/2211.01095

return diffusion.sampler {
  api = 1, name = "dpmpp-2s", title = _"DPM-Solver++ 2S", license = "CC0-1.0",
  order = 2, evals = 2,
  params = {
    { "r", type = "number", default = 0.5, min = 0.1, max = 1, step = 0.1,
      label = _"Second level", help = _"How far along a step, in ln sigma, is the second look" },
  },

  sample = function(ctx, x, sigmas, p)
    for i = 1, #sigmas - 1 do
      local a <const>, b <const> = sigmas[i], sigmas[i + 1]
      local x0 <const> = ctx:denoise(x, a)
      local d = x0
      if b > 0 then -- there is no level halfway to 0
        local s <const> = a * (b / a) ^ p.r
        local within <const> = ctx:denoise(s / a * x + (1 - s / a) * x0, s)
        d = x0 + (within - x0) / (2 * p.r)
      end
      x = ctx:step(i, b / a * x + (1 - b / a) * d, x0)
    end
    return x
  end,
}
