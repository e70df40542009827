-- SPDX-License-Identifier: CC0-1.0
-- Euler: straight on along the slope, one look a step.
-- Karras et al.: Elucidating the Design Space of Diffusion-Based Generative
-- Models, equation 4 and the churn of algorithm 2. https://arxiv.org/abs/2206.00364
-- Published code asks the model before churn adds its noise, not after as in the
-- paper, and so does this; sampler edm follows the paper.
-- https://github.com/huggingface/diffusers, scheduling_euler_discrete.py

-- What the model said of x at level a, as said of x + d at level `hat`: it keeps
-- to the quantity that it predicts. One that predicts x0 keeps to that.
local carried <const> = {
  epsilon = function(x, x0, d, a, hat) return x0 + d - (hat / a - 1) * (x - x0) end,
  v_prediction = function(_, x0, d, a) return x0 + d / (1 + a ^ 2) end,
}
carried.score = carried.epsilon

return diffusion.sampler {
  api = 1, name = "euler", title = _"Euler", license = "CC0-1.0",
  order = function(p) return p.s_churn == 0 and 1 or nil end, evals = 1,
  stochastic = function(p) return p.s_churn > 0 end,
  params = {
    { "s_churn", type = "number", default = 0, min = 0, max = 1e6, step = 1,
      label = _"Churn", help = _"Noise added and taken away again over all steps; 0 draws none" },
    { "s_tmin", type = "number", default = 0, min = 0, max = 1e7,
      label = _"Churn from", help = _"The lowest level at which noise is added" },
    { "s_tmax", type = "number", default = 1e7, min = 0, max = 1e7,
      label = _"Churn up to", help = _"The highest level at which noise is added" },
    { "s_noise", type = "number", default = 1, min = 0, max = 2, step = 0.001,
      label = _"Noise scale", help = _"Slightly more than 1 makes up for detail that is lost" },
  },

  sample = function(ctx, x, sigmas, p)
    local n <const>, carry <const> = #sigmas - 1, carried[ctx.model.prediction]
    local most <const> = math.min(p.s_churn / n, math.sqrt(2) - 1)
    for i = 1, n do
      local a <const>, b <const> = sigmas[i], sigmas[i + 1]
      local x0, hat = ctx:denoise(x, a), a
      if most > 0 and p.s_tmin <= a and a <= p.s_tmax then
        hat = a * (1 + most)
        local d <const> = p.s_noise * math.sqrt(hat ^ 2 - a ^ 2) * ctx:noise()
        x0 = carry and carry(x, x0, d, a, hat) or x0
        x = x + d
      end
      x = ctx:step(i, x + (b - hat) / hat * (x - x0), x0)
    end
    return x
  end,
}
