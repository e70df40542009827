-- SPDX-License-Identifier: CC0-1.0
-- Noise that grows evenly: what most published pixel models were trained with,
-- in 1000 steps. Courses that train small models take 200, which end early, at
-- an image that is still seen through the noise.
-- Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models, section 4.
-- https://arxiv.org/abs/2006.11239

return diffusion.schedule {
  api = 1, name = "linear", title = _"Linear", license = "CC0-1.0",
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
    local gap <const> = n > 1 and (p.beta_end - p.beta_start) / (n - 1) or 0
    local betas <const> = {}
    for i = 1, n do
      betas[i] = p.beta_start + (i - 1) * gap
    end
    return betas
  end,
}
