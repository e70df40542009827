-- An expression that is its own operand twice, a thousand times: a tree of 2^1000 leaves.
-- ends: harmlessly
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local y = x
    for _ = 1, 1000 do y = (y + y) * 0.5 end
    x = y
    return x
  end,
}
