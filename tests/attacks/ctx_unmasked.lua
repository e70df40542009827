-- A metatable for ctx.
-- ends: this metatable is protected
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    setmetatable(ctx, {})
    return x
  end,
}
