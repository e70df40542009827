-- An image of no numbers.
-- ends: the image is not finite
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    return x * (0 / 0)
  end,
}
