-- An expression without end.
-- ends: the script takes too many instructions
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local y = x
    while true do y = y + 1 end
  end,
}
