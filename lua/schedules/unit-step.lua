-- SPDX-License-Identifier: CC0-1.0
-- The plainest of all chains: each training step adds noise of variance 1,
-- x_t = x_(t-1) + eps, so that sigma_t is the root of t.
-- Song et al.: Score-Based Generative Modeling through Stochastic Differential
-- Equations, equation 8 (variance exploding). https://arxiv.org/abs/2011.13456

return diffusion.schedule {
  api = 1, name = "unit-step", title = _"Unit steps", license = "CC0-1.0",

  -- Of the sigma_max ^ 2 steps up, n even strides down. The last starts no lower
  -- than the model knows.
  sigmas = function(model, n)
    local low <const>, high <const> = model.sigma_min ^ 2, model.sigma_max ^ 2
    local stride <const> = math.min(high / n, (high - low) / math.max(n - 1, 1))
    local sigmas <const> = {}
    for i = 1, n do
      sigmas[i] = math.sqrt(high - (i - 1) * stride)
    end
    sigmas[n + 1] = 0
    return sigmas
  end,
}
