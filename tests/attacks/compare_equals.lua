-- Compares equal texts of a megabyte that are not the same one.
-- ends: the script takes
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local s, t = ("x"):rep(1000000), ("x"):rep(500000) .. ("x"):rep(500000)
    while true do local _ = s == t end
  end,
}
