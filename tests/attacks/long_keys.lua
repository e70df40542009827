-- Texts of a megabyte as keys: each is hashed, byte by byte.
-- ends: the script takes
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local s, t = ("x"):rep(1000000), {}
    for i = 1, 1e9 do local _ = t[s .. i] end
    return x
  end,
}
