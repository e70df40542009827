-- A step that there is not.
-- ends: of 3 after step 0
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    ctx:step(4, x)
    return x
  end,
}
