-- A log without end.
-- ends: the script takes too many instructions
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    while true do ctx:log(("x"):rep(1000)) end
  end,
}
