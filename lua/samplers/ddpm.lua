-- SPDX-License-Identifier: CC0-1.0
-- DDPM: back along the chain that the noise was added in, one draw a step.
-- Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models, equations 6 and 7
-- and section 3.2, in sigma space. https://arxiv.org/abs/2006.11239
-- Learned variance: Nichol, Dhariwal. https://arxiv.org/abs/2102.09672
-- Greedy: Su, Generating Diffusion Models, part 1. https://kexue.fm/archives/9119

-- The variance of what lies at level b, given what lies at level a.
local variance <const> = {
  small = function(_, a, b) return b ^ 2 * (1 - (b / a) ^ 2) end,              -- the posterior's
  large = function(_, a, b) return (1 + b ^ 2) * (a ^ 2 - b ^ 2) / (1 + a ^ 2) end, -- beta
  learned = function(ctx, a, b) return ctx:learned_variance(a, b) end,
}

return diffusion.sampler {
  api = 1, name = "ddpm", title = _"DDPM", license = "CC0-1.0",
  stochastic = true, evals = 1,
  params = {
    { "variance", type = "choice", default = "small",
      choices = { "small", "large", "learned", "greedy" },
      label = _"Variance", help = _"Of the noise drawn in a step; greedy draws none" },
  },

  -- The last step, to b = 0, draws nothing: what it drew would stay. (Published
  -- code has it draw the large variance unless it starts at timestep 0.)
  step = function(ctx, x, x0, _, a, b, p)
    local mean <const> = x0 + (b / a) ^ 2 * (x - x0)
    if p.variance == "greedy" or b == 0 then return mean end
    return mean + variance[p.variance](ctx, a, b):max(0):sqrt() * ctx:noise()
  end,
}
