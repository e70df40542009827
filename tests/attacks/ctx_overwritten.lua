-- A ctx whose functions are replaced: the host has its own.
-- ends: harmlessly
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    rawset(ctx, "step", function() while true do end end)
    rawset(ctx, "model", nil)
    return x
  end,
}
