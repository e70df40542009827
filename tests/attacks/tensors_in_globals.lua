-- Likewise in globals, by the dozen.
-- ends: this tensor is from an earlier run
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    if rawget(_ENV, "KEPT") then return KEPT[40] end
    KEPT = {}
    for i = 1, 40 do KEPT[i] = x + i end
    return x
  end,
}
