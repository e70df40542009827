-- A field of the model that is not there.
-- ends: did you mean 'sigma_max'?
return diffusion.schedule {
  api = 1, name = "attack",
  sigmas = function(model, n, p)
    return { model.sigma_mx, 0 }
  end,
}
