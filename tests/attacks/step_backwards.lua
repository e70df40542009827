-- Steps in the wrong order.
-- ends: step 1 of 3 after step 2
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    x = ctx:step(2, x)
    ctx:step(1, x)
    return x
  end,
}
