-- SPDX-License-Identifier: CC0-1.0
-- The noise of "linear" in 200 training steps: it ends early, at an image that
-- is still seen through the noise, as in courses that train small models.
-- After Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models, section 4.
-- https://arxiv.org/abs/2006.11239

local T <const>, FIRST <const>, LAST <const> = 200, 1e-4, 0.02

return diffusion.schedule {
  api = 1, name = "linear-200", title = _"Linear, 200 steps", license = "CC0-1.0",

  betas = function()
    local betas <const> = {}
    for i = 1, T do
      betas[i] = FIRST + (LAST - FIRST) * (i - 1) / (T - 1)
    end
    return betas
  end,
}
