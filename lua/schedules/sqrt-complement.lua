-- SPDX-License-Identifier: CC0-1.0
-- Noise that grows evenly from nothing: what is kept of the image's amplitude
-- at step t is the root of 1 - 0.02 t / T.
-- Su: Generating Diffusion Models, part 1. https://kexue.fm/archives/9119

return diffusion.schedule {
  api = 1, name = "sqrt-complement", title = _"Square root complement", license = "CC0-1.0",
  params = {
    { "timesteps", type = "integer", default = 0, min = 0, max = 10000,
      label = _"Training steps",
      help = _"How many steps the noise is added in; 0: as in the model's training" },
    { "beta_end", type = "number", default = 0.02, min = 1e-6, max = 0.999,
      label = _"Last beta", help = _"Share of noise that the last training step adds" },
  },

  -- n: as many as the model has.
  betas = function(n, p)
    if p.timesteps > 0 then n = p.timesteps end
    local betas <const> = {}
    for t = 1, n do
      betas[t] = p.beta_end * t / n
    end
    return betas
  end,
}
