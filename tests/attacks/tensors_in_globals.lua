-- Likewise in globals, by the dozen.
-- ends: sample must return a tensor of this run, not one from an earlier run
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    if rawget(_ENV, "KEPT") then return KEPT[40] end
    KEPT = {}
    for i = 1, 40 do KEPT[i] = x + i end
    return x
  end,
}
