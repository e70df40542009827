-- Levels that never come.
-- ends: the script takes too many instructions
return diffusion.schedule {
  api = 1, name = "attack",
  sigmas = function(model, n, p)
    while true do end
  end,
}
