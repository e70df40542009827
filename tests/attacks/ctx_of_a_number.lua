-- A number instead of ctx, which has a metatable too.
-- ends: ctx is missing
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    ctx.noise(5)
    return x
  end,
}
