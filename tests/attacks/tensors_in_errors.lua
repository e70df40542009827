-- Tensors in error objects.
-- ends: the error is a userdata, not a text
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    pcall(error, { x + 1 })
    error(x + 2)
  end,
}
