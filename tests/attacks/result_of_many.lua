-- Many results.
-- ends: harmlessly
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local t = {}
    for i = 1, 256 do t[i] = x end
    return table.unpack(t)
  end,
}
