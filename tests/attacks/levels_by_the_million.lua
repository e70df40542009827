-- A list of 200000 levels.
-- ends: sigmas
return diffusion.schedule {
  api = 1, name = "attack",
  sigmas = function(model, n, p)
    local sigmas = {}
    for i = 1, 200000 do sigmas[i] = 4 / i end
    return sigmas
  end,
}
