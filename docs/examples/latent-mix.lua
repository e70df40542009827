-- SPDX-License-Identifier: CC0-1.0
-- Two pictures, and one between them: both are covered with noise, mixed, and
-- what the noise hides is made anew.
-- Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models, section 4.3.
-- https://arxiv.org/abs/2006.11239

return diffusion.sampler {
  api = 1, name = "latent-mix", title = _"Latent mix", license = "CC0-1.0",
  stochastic = true, evals = 3,
  params = {
    { "from", type = "text", default = "", label = _"From", help = _"Class of the first picture" },
    { "to", type = "text", default = "", label = _"To", help = _"Class of the second" },
    { "mix", type = "number", default = 0.5, min = 0, max = 1, step = 0.05,
      label = _"Mix", help = _"0 is the first, 1 the second" },
    { "cover", type = "number", default = 0.5, min = 0, max = 1, step = 0.05,
      label = _"Cover", help = _"How many of the steps the noise takes back" },
    { "noise", type = "choice", default = "shared", choices = { "shared", "own" },
      label = _"Noise", help = _"The same over both, mixed straight, or one each, along a circle" },
  },

  sample = function(ctx, x, sigmas, p)
    local last <const> = #sigmas - 1

    -- DDIM's step from level i to the next.
    local function fall(y, i, class)
      local a <const>, b <const> = sigmas[i], sigmas[i + 1]
      local y0 <const> = ctx:denoise(y, a, { class = class })
      return y0 + b / a * (y - y0)
    end

    local y, z = x, sigmas[1] * ctx:noise(1)
    for i = 1, last do
      y, z = fall(y, i, p.from), fall(z, i, p.to)
    end

    local first <const> = last - math.floor(p.cover * (last - 1))
    local sigma <const> = sigmas[first]
    local noise <const> = sigma * ctx:noise(2)
    if p.noise == "shared" then
      x = (y + noise):lerp(z + noise, p.mix)
    else
      x = (y + noise):slerp(z + sigma * ctx:noise(3), p.mix)
    end
    for i = first, last do
      x = ctx:step(i, fall(x, i))
    end
    return x
  end,
}
