-- A full table that is made anew at each insertion.
-- ends: the script takes longer than
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local t = {}
    for i = 1, 65536 do t["k" .. i] = 1 end
    for i = 1, 1e9 do
      t["k" .. i] = nil
      t["k" .. i + 65536] = 1
    end
    return x
  end,
}
