-- Ten thousand tensors that nobody keeps.
-- ends: harmlessly
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    for i = 1, 10000 do local _ = x + i end
    return x
  end,
}
