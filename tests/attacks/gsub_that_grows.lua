-- More by gsub: a kilobyte for each byte.
-- ends: the text is longer than
return diffusion.schedule {
  api = 1, name = "attack",
  sigmas = function()
    local s = ('x'):rep(1e6) s:gsub('x', ('y'):rep(1e3))
  end,
}
