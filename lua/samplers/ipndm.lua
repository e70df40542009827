-- SPDX-License-Identifier: CC0-1.0
-- iPNDM: PNDM without its slow start. The slopes of the last steps as if steps
-- were even, fewer of them while there are no more.
-- Zhang, Chen: Fast Sampling of Diffusion Models with Exponential Integrator,
-- where it is called improved PNDM. https://arxiv.org/abs/2204.13902
-- After Liu et al.: Pseudo Numerical Methods for Diffusion Models on Manifolds,
-- section 3.3. https://arxiv.org/abs/2202.09778

-- Of the Adams-Bashforth methods of order 1 to 4, the newest slope first.
local weights <const> = {
  { 1 },
  { 3 / 2, -1 / 2 },
  { 23 / 12, -16 / 12, 5 / 12 },
  { 55 / 24, -59 / 24, 37 / 24, -9 / 24 },
}

return diffusion.sampler {
  api = 1, name = "ipndm", title = _"iPNDM", license = "CC0-1.0",
  order = 2, evals = 1, -- 4 where steps are even in the noise level

  sample = function(ctx, x, sigmas)
    local slopes <const> = {}
    for i = 1, #sigmas - 1 do
      local a <const>, b <const> = sigmas[i], sigmas[i + 1]
      local x0 <const> = ctx:denoise(x, a)
      table.insert(slopes, 1, (x - x0) / a)
      slopes[5] = nil
      local y = x
      for k, w in ipairs(weights[#slopes]) do y = y + (b - a) * w * slopes[k] end
      x = ctx:step(i, y, x0)
    end
    return x
  end,
}
