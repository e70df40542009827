-- SPDX-License-Identifier: CC0-1.0
-- Annealed Langevin dynamics: at each level a number of small moves towards the
-- clean estimate, with noise, until x has that level's distribution.
-- Song, Ermon: Generative Modeling by Estimating Gradients of the Data
-- Distribution, algorithm 1. https://arxiv.org/abs/1907.05600
-- The last step: Song, Ermon: Improved Techniques for Training Score-Based
-- Generative Models, algorithm 1. https://arxiv.org/abs/2006.09011

return diffusion.sampler {
  api = 1, name = "langevin", title = _"Annealed Langevin", license = "CC0-1.0",
  stochastic = true, evals = function(p) return p.rounds end,
  params = {
    { "rounds", type = "integer", default = 10, min = 1, max = 100,
      label = _"Rounds", help = _"Moves at each level" },
    { "step", type = "number", default = 0.5, min = 0.001, max = 2, step = 0.01,
      label = _"Step size", help = _"Of a move's noise, as a share of the level's variance" },
    { "denoise", type = "boolean", default = true,
      label = _"Denoise at last", help = _"Take away what the last level leaves of the noise" },
  },

  -- The paper's alpha_i is step * sigma_i^2, its epsilon step * sigma_L^2 (0.2 and
  -- 100 rounds at 10 levels); the score is (x0 - x) / sigma_i^2. x starts at its
  -- first level.
  sample = function(ctx, x, sigmas, p)
    for i = 2, #sigmas do
      local level <const> = sigmas[i]
      local x0
      for _ = 1, level > 0 and p.rounds or 0 do
        x0 = ctx:denoise(x, level)
        x = x + p.step / 2 * (x0 - x) + math.sqrt(p.step) * level * ctx:noise()
      end
      if level == 0 and p.denoise then x = ctx:denoise(x, sigmas[i - 1]) end
      x = ctx:step(i - 1, x, x0 or x)
    end
    return x
  end,
}
