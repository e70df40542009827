-- A table instead of ctx.
-- ends: ctx is missing
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    ctx.noise({ model = ctx.model })
    return x
  end,
}
