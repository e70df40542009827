-- Notes without a byte, which would cost nothing.
-- ends: the notes are longer than 16384 bytes
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    for _ = 1, 1e6 do ctx:note("", "") end
    return x
  end,
}
