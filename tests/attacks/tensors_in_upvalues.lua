-- Tensors that are kept for the next run.
-- ends: this tensor is from an earlier run
local kept
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local old = kept
    kept = x * 2
    return old and old + 1 or x
  end,
}
