-- SPDX-License-Identifier: CC0-1.0
-- Noise that grows like a sigmoid: slowly at both ends, fast in between.
-- Xu, Yu, Song, Shi, Ermon, Tang: GeoDiff, a Geometric Diffusion Model for
-- Molecular Conformation Generation, and its code. https://arxiv.org/abs/2203.02923

local REACH <const> = 6 -- the sigmoid is taken from -6 to 6

return diffusion.schedule {
  api = 1, name = "sigmoid", title = _"Sigmoid", license = "CC0-1.0",
  params = {
    { "timesteps", type = "integer", default = 0, min = 0, max = 10000,
      label = _"Training steps",
      help = _"How many steps the noise is added in; 0: as in the model's training" },
    { "beta_start", type = "number", default = 1e-4, min = 1e-6, max = 0.5,
      label = _"First beta", help = _"Share of noise that the first training step adds" },
    { "beta_end", type = "number", default = 0.02, min = 1e-6, max = 0.999,
      label = _"Last beta", help = _"Share of noise that the last training step adds" },
  },

  -- n: as many as the model has.
  betas = function(n, p)
    if p.timesteps > 0 then n = p.timesteps end
    local betas <const> = {}
    for i = 1, n do
      local at <const> = REACH * (2 * (i - 1) / math.max(n - 1, 1) - 1)
      betas[i] = p.beta_start + (p.beta_end - p.beta_start) / (1 + math.exp(-at))
    end
    return betas
  end,
}
