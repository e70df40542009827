-- Sorts such texts.
-- ends: the script takes longer than
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local s, t = ("\0"):rep(1000000), {}
    for i = 1, 1000 do t[i] = s end
    table.sort(t)
    return x
  end,
}
