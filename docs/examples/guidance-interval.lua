-- SPDX-License-Identifier: CC0-1.0
-- Guidance where it decides what the picture shows. Before, it narrows what can
-- come; after, it changes little: there the model runs once a step, not twice.
-- Kynkäänniemi et al.: Applying Guidance in a Limited Interval Improves Sample
-- and Distribution Quality in Diffusion Models.
-- https://arxiv.org/abs/2404.07724

return diffusion.sampler {
  api = 1, name = "guidance-interval", title = _"Guidance interval", license = "CC0-1.0",
  order = 1,
  params = {
    { "low", type = "number", default = 0.3, min = 0,
      label = _"Low", help = _"At this noise level and below, the model is not guided" },
    { "high", type = "number", default = 5, min = 0,
      label = _"High", help = _"Above this noise level, the model is not guided" },
  },

  guidance = function(sigma, w, p)
    return sigma > p.low and sigma <= p.high and w or 1
  end,

  step = function(_, x, x0, _, a, b)
    return x0 + b / a * (x - x0)
  end,
}
