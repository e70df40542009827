-- A full collection of a large heap at each operation on tensors.
-- ends: the script takes
return diffusion.sampler {
  api = 1, name = "attack",
  sample = function(ctx, x, sigmas, p)
    local heap, keep = {}, {}
    for i = 1, 400000 do heap[i % 100000 + 1] = { heap[i % 100000 + 1] } end
    for i = 1, 61 do keep[i] = x + i end
    while true do local _ = x + 1 end
  end,
}
