-- Compares texts of NULs, which strcoll() takes one by one, 10 ms an instruction.
-- ends: the script takes longer than
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local s = ("\0"):rep(1000000)
    local t = s .. "1"
    while true do local _ = s < t end
  end,
}
