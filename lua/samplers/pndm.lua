-- SPDX-License-Identifier: CC0-1.0
-- PNDM: classical methods for differential equations, with DDIM's step in place
-- of a straight line.
-- Liu, Ren, Lin, Zhao: Pseudo Numerical Methods for Diffusion Models on Manifolds,
-- section 3.3, in sigma space. https://arxiv.org/abs/2202.09778
-- The other start, what is averaged, and levels that are not the run's own are
-- published code's. https://github.com/huggingface/diffusers, scheduling_pndm.py

-- Of the Adams-Bashforth methods of order 1 to 4, the newest first.
local weights <const> = {
  { 1 },
  { 3 / 2, -1 / 2 },
  { 23 / 12, -16 / 12, 5 / 12 },
  { 55 / 24, -59 / 24, 37 / 24, -9 / 24 },
}

local function sum(w, outputs)
  local total = w[1] * outputs[1]
  for k = 2, #w do total = total + w[k] * outputs[k] end
  return total
end

-- x of level a, as x of level b: x_VP stays what it is.
local function reread(x, a, b)
  return a == b and x or math.sqrt((1 + b ^ 2) / (1 + a ^ 2)) * x
end

-- What is averaged, from the noise in x at level s and back.
local forms <const> = {
  noise = { of = function(eps) return eps end, back = function(eps) return eps end },
  velocity = {
    of = function(eps, x, s) return ((1 + s ^ 2) * eps - s * x) / math.sqrt(1 + s ^ 2) end,
    back = function(v, x, s) return (math.sqrt(1 + s ^ 2) * v + s * x) / (1 + s ^ 2) end,
  },
}

return diffusion.sampler {
  api = 1, name = "pndm", title = _"PNDM", license = "CC0-1.0",
  order = function(p) return p.averages == "noise" and 2 or 1 end, evals = 1,
  params = {
    { "start", type = "choice", default = "runge-kutta", choices = { "runge-kutta", "plms" },
      label = _"Start", help = _"Four looks in each of three steps, or two in the first" },
    { "averages", type = "choice", default = "noise", choices = { "noise", "velocity" },
      label = _"Averages", help = _"What the average is of; published: what the model predicts" },
    { "stride", type = "integer", default = 0, min = 0, max = 100000,
      label = _"Stride", help = _"Training steps that a step goes down; 0: to the next level" },
    { "final", type = "choice", default = "clean", choices = { "clean", "first" },
      label = _"Final", help = _"Where a stride beyond timestep 0 leads: to no noise, or to it" },
  },

  sample = function(ctx, x, sigmas, p)
    local form <const>, outputs <const> = forms[p.averages], {} -- the newest first

    -- The level `stride` training steps above level s.
    local function above(s, stride)
      local t <const> = math.floor(ctx:timestep(s) + 0.5) + stride
      if t < 0 and p.final == "clean" then return 0 end
      local left <const> = ctx.model.alphas_cumprod[math.max(t, 0) + 1]
      return math.sqrt(1 / assert(left, "stride: the model has no timestep " .. t) - 1)
    end

    local function look(y, s)
      local x0 <const>, eps <const> = ctx:denoise(y, s)
      return form.of(eps, y, s), x0
    end

    -- The transfer part: DDIM's step.
    local function transfer(y, output, a, b)
      return y + (b - a) * form.back(output, y, a)
    end

    -- The first look has been taken.
    local function runge_kutta(k1, a, b)
      local half <const>, even <const> = p.stride // 2, math.sqrt(a * b)
      local landing <const> = half > 0 and above(a, -half) or even
      local middle <const> = half > 0 and above(b, half) or even
      local k2 <const> = look(reread(transfer(x, k1, a, landing), landing, middle), middle)
      local k3 <const> = look(transfer(x, k2, a, middle), middle)
      local k4 <const> = look(transfer(x, k3, a, b), b)
      return transfer(x, sum({ 1 / 6, 1 / 3, 1 / 3, 1 / 6 }, { k1, k2, k3, k4 }), a, b)
    end

    -- The step again, with what the model says where it led.
    local function again(k1, y, a, b)
      local from <const> = p.stride > 0 and above(b, p.stride) or a
      return transfer(reread(x, a, from), sum({ 1 / 2, 1 / 2 }, { k1, look(y, b) }), from, b)
    end

    for i = 1, #sigmas - 1 do
      local a <const>, b <const> = sigmas[i], sigmas[i + 1]
      local landing <const> = p.stride > 0 and above(a, -p.stride) or b
      local output <const>, x0 <const> = look(x, a)
      table.insert(outputs, 1, output)
      outputs[5] = nil
      local y = reread(transfer(x, sum(weights[#outputs], outputs), a, landing), landing, b)
      if p.start == "runge-kutta" and i <= 3 and b > 0 then
        y = runge_kutta(output, a, b)
      elseif p.start == "plms" and i == 1 and b > 0 then
        y = again(output, y, a, b)
      end
      x = ctx:step(i, y, x0)
    end
    return x
  end,
}
