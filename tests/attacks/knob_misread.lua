-- A knob that there is not.
-- ends: there is no knob
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    return p.nothing
  end,
}
