-- A claim that computes with a tensor after the run.
-- ends: this tensor is from an earlier run
local kept
return diffusion.sampler {
  api = 1, name = "attack",
  evals = function() return kept and (kept + 1):rms() or 1 end,
  sample = function(ctx, x) kept = x return x end,
}
