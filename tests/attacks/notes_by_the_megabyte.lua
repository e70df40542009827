-- A note of a megabyte.
-- ends: the notes are longer than 16384 bytes
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    ctx:note("key", ("x"):rep(1000000))
    return x
  end,
}
