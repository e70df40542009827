-- More by format.
-- ends: the text is longer than
return diffusion.schedule {
  api = 1, name = "attack",
  sigmas = function()
    return ('%s%s'):format(('x'):rep(1e6), ('x'):rep(1e6))
  end,
}
