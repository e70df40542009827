-- SPDX-License-Identifier: CC0-1.0
-- Predictor-corrector: Langevin moves correct where x stands at a level, then a
-- step of the reversed diffusion leads to the next.
-- Song et al.: Score-Based Generative Modeling through Stochastic Differential
-- Equations, algorithms 2 and 4 and appendix G, in the order of its published
-- code. https://arxiv.org/abs/2011.13456

-- The variance that the predictor draws from level a to level b.
local variance <const> = {
  ["reverse-diffusion"] = function(a, b) return a ^ 2 - b ^ 2 end,    -- equation 46
  ancestral = function(a, b) return (a ^ 2 - b ^ 2) * (b / a) ^ 2 end, -- equation 47
}

return diffusion.sampler {
  api = 1, name = "predictor-corrector", title = _"Predictor-corrector", license = "CC0-1.0",
  stochastic = true, evals = function(p) return p.correct_steps + 1 end,
  params = {
    { "snr", type = "number", default = 0.15, min = 0, max = 100, step = 0.01,
      label = _"Signal to noise", help = _"Of a correction: the higher, the larger its moves" },
    { "correct_steps", type = "integer", default = 1, min = 0, max = 99,
      label = _"Corrections", help = _"At each level" },
    { "predictor", type = "choice", default = "reverse-diffusion",
      choices = { "reverse-diffusion", "ancestral" },
      label = _"Predictor", help = _"Ancestral draws less noise, as DDPM does" },
  },

  sample = function(ctx, x, sigmas, p)
    for i = 1, #sigmas - 1 do
      local a <const>, b <const> = sigmas[i], sigmas[i + 1]
      for _ = 1, p.correct_steps do
        -- x + e score + sqrt(2 e) z, e = 2 (snr |z| / |score|)^2, score = -far / a^2.
        local far <const>, z <const> = x - ctx:denoise(x, a), ctx:noise()
        local share <const> = p.snr * a * z:rms() / far:rms() -- sqrt(e / 2) / a
        x = x - 2 * share * share * far + 2 * a * share * z
      end
      local x0 <const> = ctx:denoise(x, a)
      local y <const> = x0 + (b / a) ^ 2 * (x - x0)
      x = ctx:step(i, b > 0 and y + math.sqrt(variance[p.predictor](a, b)) * ctx:noise() or y, x0)
    end
    return x
  end,
}
