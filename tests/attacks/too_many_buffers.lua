-- Few tensors, each of many that have none of their own.
-- ends: more than 64
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local keep = {}
    for i = 1, 62 do
      keep[i] = x + i
      keep[i]:rms()
    end
    local y = x
    for i = 1, 62 do y = y + keep[i] * keep[63 - i] end
    keep[63] = y
    local z = y
    for i = 1, 60 do z = z * 0.5 + keep[i] end
    keep[64] = z
    return keep[63] + keep[64]
  end,
}
