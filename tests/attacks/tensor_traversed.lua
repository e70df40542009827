-- A tensor used as what it is not.
-- ends: table expected
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    for _ in pairs(x) do end
    return x
  end,
}
