-- SPDX-License-Identifier: CC0-1.0
-- The noise that the model itself was trained with, whatever that is.

local LEVELS <const> = 1000 -- of a model that was trained on a range of levels

-- Of the image's variance, what is left at n levels from sigma_min to sigma_max,
-- evenly in their logarithms. Song, Ermon: Generative Modeling by Estimating
-- Gradients of the Data Distribution. https://arxiv.org/abs/1907.05600
local function geometric(model, n)
  local alphas_cumprod <const> = {}
  for i = 1, n do
    local u <const> = (i - 1) / (n - 1)
    local sigma <const> = model.sigma_min ^ (1 - u) * model.sigma_max ^ u
    alphas_cumprod[i] = 1 / (1 + sigma ^ 2)
  end
  return alphas_cumprod
end

return diffusion.schedule {
  api = 1, name = "trained", title = _"As trained", license = "CC0-1.0",

  betas = function(_, _, model)
    local left <const> = model.timesteps > 0 and model.alphas_cumprod or geometric(model, LEVELS)
    local betas <const> = {}
    for t = 1, #left do
      betas[t] = 1 - left[t] / (left[t - 1] or 1)
    end
    return betas
  end,
}
