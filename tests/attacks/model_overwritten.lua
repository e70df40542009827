-- A schedule that overwrites what it is told of the model.
-- ends: harmlessly
return diffusion.schedule {
  api = 1, name = "attack",
  sigmas = function(model, n, p)
    rawset(model, "sigma_max", 1e9)
    for i = 1, #model.alphas_cumprod do model.alphas_cumprod[i] = 0 / 0 end
    return { 4, 0 }
  end,
}
