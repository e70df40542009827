-- SPDX-License-Identifier: CC0-1.0
-- DEIS: a polynomial in ln sigma through the last noise estimates, integrated
-- exactly.
-- Zhang, Chen: Fast Sampling of Diffusion Models with Exponential Integrator, DEIS
-- of Adams-Bashforth's kind, in sigma space, which the paper calls rho; in its
-- logarithm, as published code has it. https://arxiv.org/abs/2204.13902

return diffusion.sampler {
  api = 1, name = "deis", title = _"DEIS", license = "CC0-1.0",
  order = function(p) return p.order end, evals = 1,
  params = {
    { "order", type = "integer", default = 2, min = 1, max = 3,
      label = _"Order", help = _"How many of the last noise estimates are used" },
    { "lowered", type = "integer", default = 0, min = 0, max = 2,
      label = _"Lowered", help = _"Last steps of lower order: steadier in short runs" },
  },

  sample = function(ctx, x, sigmas, p)
    local n <const> = #sigmas - 1
    local e <const> = {} -- the noise at each level
    for i = 1, n do
      local a <const>, b <const> = sigmas[i], sigmas[i + 1]
      local x0 <const> = ctx:denoise(x, a)
      if b == 0 then return ctx:step(i, x0, x0) end
      e[i], e[i - 3] = (x - x0) / a, nil
      local order <const> = math.min(p.order, i, i > n - p.lowered and n + 1 - i or 3)
      local function u(j) return math.log(sigmas[j] / a) end
      local one <const> = b - a -- the integrals of 1, u and u^2 from a to b
      local u1 <const> = b * u(i + 1) - one
      local u2 <const> = b * u(i + 1) ^ 2 - 2 * u1
      local y = x + one * e[i]
      if order > 1 then -- Newton's divided differences
        local slope <const> = (e[i] - e[i - 1]) / -u(i - 1)
        y = y + u1 * slope
        if order > 2 then
          local before <const> = (e[i - 1] - e[i - 2]) / (u(i - 1) - u(i - 2))
          y = y + (u2 - u(i - 1) * u1) * ((slope - before) / -u(i - 2))
        end
      end
      x = ctx:step(i, y, x0)
    end
    return x
  end,
}
