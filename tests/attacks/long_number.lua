-- Reads a number of a million digits.
-- ends: the script takes longer than
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local s = "0." .. ("1234567890"):rep(100000)
    while true do tonumber(s) end
  end,
}
