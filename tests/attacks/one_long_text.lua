-- A text beyond what one instruction may handle.
-- ends: more than 4 MiB
return diffusion.schedule {
  api = 1, name = "attack",
  sigmas = function()
    local s = ('x'):rep(1e6) s = s .. s .. s .. s .. s
  end,
}
