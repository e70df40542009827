-- SPDX-License-Identifier: CC0-1.0
-- Noise whose root grows evenly: gentler at first, as latent models have it.
-- Rombach, Blattmann, Lorenz, Esser, Ommer: High-Resolution Image Synthesis with
-- Latent Diffusion Models. https://arxiv.org/abs/2112.10752

return diffusion.schedule {
  api = 1, name = "scaled-linear", title = _"Scaled linear", license = "CC0-1.0",
  params = {
    { "timesteps", type = "integer", default = 0, min = 0, max = 10000,
      label = _"Training steps",
      help = _"How many steps the noise is added in; 0: as in the model's training" },
    { "beta_start", type = "number", default = 0.00085, min = 1e-6, max = 0.5,
      label = _"First beta", help = _"Share of noise that the first training step adds" },
    { "beta_end", type = "number", default = 0.012, min = 1e-6, max = 0.999,
      label = _"Last beta", help = _"Share of noise that the last training step adds" },
  },

  -- n: as many as the model has.
  betas = function(n, p)
    if p.timesteps > 0 then n = p.timesteps end
    local first <const>, last <const> = math.sqrt(p.beta_start), math.sqrt(p.beta_end)
    local gap <const> = n > 1 and (last - first) / (n - 1) or 0
    local betas <const> = {}
    for i = 1, n do
      betas[i] = (first + (i - 1) * gap) ^ 2
    end
    return betas
  end,
}
