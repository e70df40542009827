-- Levels that are none.
-- ends: sigmas[1]
return diffusion.schedule {
  api = 1, name = "attack",
  sigmas = function(model, n, p)
    return { 0/0, 0 }
  end,
}
