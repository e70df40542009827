-- A claim that uses ctx after the run.
-- ends: ctx is from an earlier run
local kept
return diffusion.sampler {
  api = 1, name = "attack",
  evals = function() if kept then kept:noise() end return 1 end,
  sample = function(ctx, x) kept = ctx return x end,
}
