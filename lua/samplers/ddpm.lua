-- SPDX-License-Identifier: CC0-1.0
-- DDPM: back along the chain that the noise was added in, one draw a step.
-- Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models, equations 6 and 7
-- and section 3.2, in sigma space. https://arxiv.org/abs/2006.11239
-- Learned variance: Nichol, Dhariwal. https://arxiv.org/abs/2102.09672
-- Greedy: Su, Generating Diffusion Models, part 1. https://kexue.fm/archives/9119

local NO_IMAGE <const> = 2 ^ 20 -- the level that stands for abar = 0

-- The variance of what lies at level b, given what lies at level a.
local variance <const> = {
  small = function(_, a, b) return b ^ 2 * (1 - (b / a) ^ 2) end,              -- the posterior's
  large = function(_, a, b) return (1 + b ^ 2) * (a ^ 2 - b ^ 2) / (1 + a ^ 2) end, -- beta
  learned = function(ctx, a, b) return ctx:learned_variance(a, b) end,
}

return diffusion.sampler {
  api = 1, name = "ddpm", title = _"DDPM", license = "CC0-1.0",
  stochastic = function(p) return p.variance ~= "greedy" end, evals = 1,
  params = {
    { "variance", type = "choice", default = "small",
      choices = { "small", "large", "learned", "greedy" },
      label = _"Variance", help = _"That of the noise drawn in a step; greedy draws none" },
    { "final_noise", type = "boolean", default = false,
      label = _"Final noise", help = _("Whether the last step, too, draws noise, which then stays, "
        .. "unless it starts at the first training step, as in published code") },
  },

  step = function(ctx, x, x0, _, a, b, p)
    local kept <const> = a < NO_IMAGE - 1 and (b / a) ^ 2 or 0
    local mean <const> = x0 + kept * (x - x0)
    local draws <const> = b > 0 or p.final_noise and ctx:timestep(a) > 0
    if p.variance == "greedy" or not draws then return mean end
    return mean + variance[p.variance](ctx, a, b):max(0):sqrt() * ctx:noise()
  end,
}
