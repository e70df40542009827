-- A guidance that never comes.
-- ends: the script takes too many instructions
return diffusion.sampler {
  api = 1, name = "attack", guidance = function() while true do end end,
  sample = function(ctx, x, sigmas, p)
    ctx:denoise(x, 4)
    return x
  end,
}
