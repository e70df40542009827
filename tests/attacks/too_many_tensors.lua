-- More tensors than may live.
-- ends: more than 64 live tensors
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local keep = {}
    for i = 1, 70 do keep[i] = x + i end
    return x
  end,
}
