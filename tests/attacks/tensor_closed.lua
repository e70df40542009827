-- A tensor used as what it is not.
-- ends: got a non-closable value
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local y <close> = x
    return x
  end,
}
