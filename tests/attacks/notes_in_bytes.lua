-- A note that is no text.
-- ends: a note must be UTF-8
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    ctx:note("key", "\xff")
    return x
  end,
}
