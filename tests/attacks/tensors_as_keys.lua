-- Tensors as keys, in closures, in coils.
-- ends: harmlessly
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local t = {}
    t[x] = x
    t[x + 1] = function() return t end
    tostring(x)
    return x
  end,
}
