-- A list of 5000 choices.
-- ends: a list of 1 to 100 texts
local choices = {}
for i = 1, 5000 do choices[i] = "c" .. i end
return diffusion.schedule {
  api = 1, name = "attack", sigmas = next,
  params = { { "k", type = "choice", default = "c1", choices = choices } },
}
