---@meta
-- SPDX-License-Identifier: CC0-1.0
-- luacheck: ignore
-- What scripts of API 1 see, for editors; docs/scripts.md says how they find it. Made from the table
-- by which the functions are registered: `ninja -C build api` makes it anew.

---What the knobs are set to, by name.
---@alias knobs table<string, any>

---@class knob
---@field [1] string Its name: a-z, then a-z, 0-9 and _

---@class diffusion
diffusion = {}

---Declares a sampler: how a run gets from one noise level to the next. Errors name the field
---@param declaration sampler
---@return sampler
function diffusion.sampler(declaration) end

---Declares a schedule: through which noise levels a run goes
---@param declaration schedule
---@return schedule
function diffusion.schedule(declaration) end

---Whether this host has a function or field of that name in ctx, tensors, the model or here: for what has been added to the API
---@param name string
---@return boolean
function diffusion.has(name) end

---Marks a text that people read, so that it can be translated; gives it back as it is
---@param text string
---@return string
function _(text) end

---@class sampler
---@field api integer # The version of the API that it is written for: 1
---@field name string # What it is asked for by: a-z, 0-9 and -, the first no -; at most 64
---@field title? string # For people; the name unless given
---@field license? string # An SPDX expression
---@field params? knob[] # Its knobs, 64 at most
---@field step? fun(ctx: context, x: tensor, x0: tensor, eps: tensor, a: number, b: number, p: knobs): tensor # Takes x from level a to b. The host runs the loop and calls the model: x0 is its clean estimate after clipping, eps its noise estimate before. Either this or sample
---@field sample? fun(ctx: context, x: tensor, sigmas: number[], p: knobs): tensor # Takes x from the first level to the last, and ends each step with ctx:step(). Either this or step
---@field guidance? fun(sigma: number, w: number, p: knobs): number # The weight of guidance at a level, w being what was asked for and 1 none
---@field order? integer|fun(p: knobs): integer? # Its order of convergence, or a function of the knobs that says; none if it is stochastic
---@field evals? integer|fun(p: knobs): integer? # Calls of the model a step, or a function of the knobs that says; 1 unless given
---@field stochastic? boolean|fun(p: knobs): boolean # Whether the result depends on noise that it draws, or a function of the knobs that says
---@field adaptive? boolean # It steers by numbers that it reads from the image, and gets one image at a time

---@class schedule
---@field api integer # The version of the API that it is written for: 1
---@field name string # What it is asked for by: a-z, 0-9 and -, the first no -; at most 64
---@field title? string # For people; the name unless given
---@field license? string # An SPDX expression
---@field params? knob[] # Its knobs, 64 at most
---@field sigmas? fun(model: model, n: integer, p: knobs): number[]|levels # The noise levels of a run of n steps: 2 to 10001 numbers, strictly falling, the first at most sigma_max, the last 0 or at least sigma_min. Either this or betas
---@field betas? fun(n: integer, p: knobs, model: model): number[] # A training schedule: numbers above 0 and at most 1, n being how many the model has. The host picks the levels, and adds the knobs spacing, steps_offset and zero_snr. Either this or sigmas

---@class knob
---@field type "number"|"integer"|"boolean"|"choice"|"text" # What it is in p: choices and texts are strings
---@field default number|boolean|string # Its value unless set
---@field min? number # Of numbers and integers: no less than this
---@field max? number # Of numbers and integers: no more than this
---@field step? number # Of numbers and integers: by how much a widget changes it
---@field choices? string[] # Of choices: 1 to 100
---@field label? string # Its name for people; the name unless given
---@field help? string # A sentence on what it does

---@class levels
---@field sigmas? number[] # The levels; those of the timesteps unless given
---@field timesteps? number[] # What the network is told at each level: from T - 1 to 0, never rising, whole or not; a last level of 0 needs none. Without sigmas: integers, strictly falling, and 0 is put behind the last level

---@class model
---@field sigma_min number # The lowest level that it was trained on
---@field sigma_max number # The highest
---@field timesteps integer # T, the steps of its training; 0 for score and consistency networks, which are told a level
---@field alphas_cumprod number[] # [t + 1] is abar at timestep t; empty for those
---@field prediction "epsilon"|"v_prediction"|"sample"|"score"|"consistency" # What the network predicts
---@field channels integer # Of x
---@field width integer # Of x, which may be larger than the picture: the network needs multiples
---@field height integer # Of x, likewise
---@field classes integer # How many it has; 0: none

---@class context
---@field model model # What a script may know of the model
local context = {}

---Runs the model on x at any level above 0: its clean estimate after clipping, and its estimate of the unit noise before
---@param x tensor
---@param sigma number
---@param options? denoise_options
---@return tensor x0
---@return tensor eps
function context:denoise(x, sigma, options) end

---In sample(): ends step i, counted from 1. Evaluates y, moves the progress bar, lets the user cancel; go on with what it gives. i must not fall. x0 is kept where frames are; without it, the model's last estimate
---@param i integer
---@param y tensor
---@param x0? tensor
---@return tensor x
function context:step(i, y, x0) end

---Unit normals: a function of seed, image, step, stream and element. Without a stream, 0 .. 65535, the n-th such call of a step is stream n
---@param stream? integer
---@return tensor
function context:noise(stream) end

---What the network is told at that level: the schedule's word if it is one of the run's, else derived from the model's table; for networks without timesteps the level as they are told it
---@param sigma number
---@return number
function context:timestep(sigma) end

---The network's bare answer to x in its own scale, x / sqrt(1 + sigma^2), at a timestep
---@param x_vp tensor
---@param t integer
---@return tensor
function context:predict(x_vp, t) end

---The variance of the step from level a to b, in sigma space, of networks that learned one; after a call of the model
---@param a number
---@param b number
---@return tensor
function context:learned_variance(a, b) end

---Puts a value into the picture's recipe; 16 KiB a run
---@param key string
---@param value string|number|boolean
function context:note(key, value) end

---A message, on one line; 64 KiB a run, what is beyond is dropped
---@param text any
function context:log(text) end

---@class denoise_options
---@field guidance? number # The weight of guidance in place of what was asked for; 1: none
---@field class? string|integer # A class, by name or number, in place of what was asked for

---@class tensor
---@operator add(tensor|number): tensor
---@operator sub(tensor|number): tensor
---@operator mul(tensor|number): tensor
---@operator div(tensor|number): tensor
---@operator unm: tensor
local tensor = {}

---|y|
---@return tensor
function tensor:abs() end

---Square root
---@return tensor
function tensor:sqrt() end

---e to the power of y
---@return tensor
function tensor:exp() end

---The lesser of the two
---@param z tensor|number
---@return tensor
function tensor:min(z) end

---The greater of the two
---@param z tensor|number
---@return tensor
function tensor:max(z) end

---y, but no less than low and then no more than high
---@param low tensor|number
---@param high tensor|number
---@return tensor
function tensor:clamp(low, high) end

---1 where y < z, else 0
---@param z tensor|number
---@return tensor
function tensor:less(z) end

---z where y is not 0, else `otherwise`
---@param z tensor|number
---@param otherwise tensor|number
---@return tensor
function tensor:where(z, otherwise) end

---y + w (z - y)
---@param z tensor|number
---@param w tensor|number
---@return tensor
function tensor:lerp(z, w) end

---From now on y is what e is worth now; gives y
---@param e tensor|number
---@return tensor
function tensor:set(e) end

---Along the great circle from y to z, image by image, and on beyond its ends; straight where there is no circle: between parallel ones, and from or to zero. Waits for the device, like a reduction
---@param z tensor
---@param w number
---@return tensor
function tensor:slerp(z, w) end

---Reduction: the root of the mean square
---@return tensor|number
function tensor:rms() end

---Reduction: the greatest |y|
---@return tensor|number
function tensor:absmax() end

---Reduction: the mean
---@return tensor|number
function tensor:mean() end

---Reduction: what a share q, 0 to 1, lies below; between two values in proportion
---@param q number
---@return tensor|number
function tensor:quantile(q) end
