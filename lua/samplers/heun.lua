-- SPDX-License-Identifier: CC0-1.0
-- Heun: the mean of the slopes at both ends of a step.
-- Karras et al.: Elucidating the Design Space of Diffusion-Based Generative
-- Models, algorithm 1. https://arxiv.org/abs/2206.00364

return diffusion.sampler {
  api = 1, name = "heun", title = _"Heun", license = "CC0-1.0",
  order = 2, evals = 2,

  sample = function(ctx, x, sigmas)
    for i = 1, #sigmas - 1 do
      local a <const>, b <const> = sigmas[i], sigmas[i + 1]
      local x0 <const> = ctx:denoise(x, a)
      local slope <const> = (x - x0) / a
      local y = x + (b - a) * slope
      if b > 0 then -- at 0 there is no slope
        local slope_there <const> = (y - ctx:denoise(y, b)) / b
        y = x + (b - a) / 2 * (slope + slope_there)
      end
      x = ctx:step(i, y, x0)
    end
    return x
  end,
}
