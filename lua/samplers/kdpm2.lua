-- SPDX-License-Identifier: CC0-1.0
-- KDPM2: the slope half way, in the logarithm of the noise, for all of the step.
-- Crowson: k-diffusion, sample_dpm_2(), after algorithm 2 of Karras et al.
-- (https://arxiv.org/abs/2206.00364) and DPM-Solver-2 of Lu et al., algorithm 1
-- (https://arxiv.org/abs/2206.00927). https://github.com/crowsonkb/k-diffusion

return diffusion.sampler {
  api = 1, name = "kdpm2", title = _"KDPM2", license = "CC0-1.0",
  order = 2, evals = 2,

  sample = function(ctx, x, sigmas)
    for i = 1, #sigmas - 1 do
      local a <const>, b <const> = sigmas[i], sigmas[i + 1]
      local x0 <const> = ctx:denoise(x, a)
      local slope = (x - x0) / a
      if b > 0 then -- 0 has no logarithm
        local middle <const> = math.sqrt(a * b)
        local y <const> = x + (middle - a) * slope
        slope = (y - ctx:denoise(y, middle)) / middle
      end
      x = ctx:step(i, x + (b - a) * slope, x0)
    end
    return x
  end,
}
