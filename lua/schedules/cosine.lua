-- SPDX-License-Identifier: CC0-1.0
-- Noise that leaves small images readable for longer.
-- Nichol, Dhariwal: Improved Denoising Diffusion Probabilistic Models, equation
-- 17. https://arxiv.org/abs/2102.09672

local S <const> = 0.008       -- keeps the first betas from vanishing
local MOST <const> = 0.999    -- keeps the last ones from being 1

-- Of the image's variance, what is left at u = t / T, but for a factor.
local function f(u)
  return math.cos((u + S) / (1 + S) * math.pi / 2) ^ 2
end

return diffusion.schedule {
  api = 1, name = "cosine", title = _"Cosine", license = "CC0-1.0",

  -- n training steps, as many as the model's.
  betas = function(n)
    local betas <const> = {}
    for t = 1, n do
      betas[t] = math.min(1 - f(t / n) / f((t - 1) / n), MOST)
    end
    return betas
  end,
}
