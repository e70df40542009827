-- A log of megabytes that hold what a terminal obeys.
-- ends: the script takes
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local s = ("\27[2J\xff\0\n"):rep(100000)
    while true do ctx:log(s) end
  end,
}
