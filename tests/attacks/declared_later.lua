-- A declaration while the sampler runs.
-- ends: a script makes one declaration
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    diffusion.sampler { api = 1, name = "late", step = function() end }
    return x
  end,
}
