-- SPDX-License-Identifier: CC0-1.0
-- For models that were distilled to see the clean image from any level at once:
-- believe them, noise what they say down to the next level, and ask again.
-- Song, Dhariwal, Chen, Sutskever: Consistency Models, algorithm 1.
-- https://arxiv.org/abs/2303.01469

return diffusion.sampler {
  api = 1, name = "consistency", title = _"Consistency", license = "CC0-1.0",
  stochastic = true, evals = 1,
  params = {
    { "s_noise", type = "number", default = 1, min = 0, max = 2, step = 0.001,
      label = _"Noise scale", help = _"Slightly more than 1 makes up for detail that is lost" },
  },

  -- What such a model calls clean is what lies at sigma_min, which is why the
  -- noise lacks that much.
  step = function(ctx, _, x0, _, _, b, p)
    if ctx.model.prediction ~= "consistency" then
      error("the model is none that was distilled so: choose another sampler, such as ddim", 0)
    end
    local added <const> = p.s_noise * math.sqrt(math.max(0, b ^ 2 - ctx.model.sigma_min ^ 2))
    return added > 0 and x0 + added * ctx:noise() or x0
  end,
}
