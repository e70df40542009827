-- A result that is a table which never ends.
-- ends: sample must return a tensor, not a table
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    return setmetatable({}, { __index = function() while true do end end, __name = "tensor" })
  end,
}
