-- More by table.concat than a string function may make.
-- ends: the text is longer than 1048576 bytes
return diffusion.schedule {
  api = 1, name = "attack",
  sigmas = function()
    local t = {}
    for i = 1, 20 do t[i] = ('x'):rep(1e5) end
    return table.concat(t)
  end,
}
