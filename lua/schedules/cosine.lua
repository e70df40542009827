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
  params = {
    { "timesteps", type = "integer", default = 0, min = 0, max = 10000,
      label = _"Training steps",
      help = _"How many steps the noise is added in; 0: as in the model's training" },
  },

  -- n: as many as the model has.
  betas = function(n, p)
    if p.timesteps > 0 then n = p.timesteps end
    local betas <const> = {}
    for t = 1, n do
      betas[t] = math.min(1 - f(t / n) / f((t - 1) / n), MOST)
    end
    return betas
  end,
}
