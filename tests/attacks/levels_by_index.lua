-- Levels that __index would give.
-- ends: sigmas
return diffusion.schedule {
  api = 1, name = "attack",
  sigmas = function(model, n, p)
    return setmetatable({}, { __index = function(_, i) return 4 / i end, __len = function() return 10 end })
  end,
}
