-- A template of a megabyte that adds nothing, at each byte of a megabyte.
-- ends: the script takes too many instructions
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local template, s = ("%1"):rep(500000), ("x"):rep(1000000)
    s:gsub("(y?)", template)
    return x
  end,
}
