// SPDX-License-Identifier: GPL-3.0-or-later
//
// Memory-bound kernels on pixel maps with channels last: an invocation makes four
// channels of a pixel (shaders/include/gpu_map.glsl).

#include "params/gpu_map.h"

#include "ops/activation.h"
#include "ops/add.h"
#include "ops/depth_to_space.h"
#include "ops/resample.h"
#include "ops/scale_shift.h"
#include "ops/slice.h"
#include "ops/space_to_depth.h"
#include "vk/kernels/gpu/gpu.h"
#include "vk/kernels/gpu/kernels.h"

// Vectors stay plain: a map has more than one pixel.
static bool is_map(const SfmCall *call)
{
    return pixels_of(call->out[0]) > 1;
}

static struct GpuMapParams params(const SfmCall *call)
{
    const SfmShape x = call->in[0], y = call->out[0];

    return (struct GpuMapParams){
        .count = pixels_of(y) * planes_of(y),
        .quads = planes_of(y),
        .width = y.dim[3],
        .in_quads = planes_of(x),
        .in_height = x.dim[2],
        .in_width = x.dim[3],
        .channels = y.dim[1],
        .in_channels = x.dim[1],
    };
}

static int launch(const SfmCall *call, const char *shader, const struct GpuMapParams *p,
                  SfmVkDispatch *out)
{
    *out = gpu_dispatch(shader, ceil_div(p->count, GPU_MAP_GROUP_SIZE), call->out[0].dim[0], p,
                        sizeof(*p));
    for (int i = 0; i < call->num_inputs; i++)
        gpu_bind(out, SFM_BIND_INPUT, i);
    gpu_bind(out, SFM_BIND_OUTPUT, 0);
    return 1;
}

// Where the shapes say all.
#define AS_SHAPED(word)                                                 \
    static int word(const SfmCall *call, bool half, SfmVkDispatch *out) \
    {                                                                   \
        const struct GpuMapParams p = params(call);                     \
        return launch(call, GPU_SHADER(half, #word), &p, out);          \
    }

AS_SHAPED(add_channels)
AS_SHAPED(concat)
AS_SHAPED(upsample_nearest)
AS_SHAPED(avg_pool)

static int activation(const SfmCall *call, bool half, SfmVkDispatch *out)
{
    const SfmActivation *a = call->attrs;
    struct GpuMapParams p = params(call);
    p.act = a->kind;
    return launch(call, GPU_SHADER(half, "activation"), &p, out);
}

static int add(const SfmCall *call, bool half, SfmVkDispatch *out)
{
    const SfmAdd *a = call->attrs;
    struct GpuMapParams p = params(call);
    p.scale = a->scale;
    return launch(call, GPU_SHADER(half, "add"), &p, out);
}

static int scale_shift(const SfmCall *call, bool half, SfmVkDispatch *out)
{
    const SfmScaleShift *a = call->attrs;
    struct GpuMapParams p = params(call);
    p.act = a->act;
    return launch(call, GPU_SHADER(half, "scale_shift"), &p, out);
}

static int slice(const SfmCall *call, bool half, SfmVkDispatch *out)
{
    const SfmSlice *a = call->attrs;
    struct GpuMapParams p = params(call);
    p.first = a->first;
    return launch(call, GPU_SHADER(half, "slice"), &p, out);
}

// Both filters look one pixel beyond the edge.
static struct GpuMapParams fir_params(const SfmCall *call)
{
    const SfmWrap *wrap = call->attrs;
    struct GpuMapParams p = params(call);
    p.wrap_height = wrap->y ? p.in_height : 0;
    p.wrap_width = wrap->x ? p.in_width : 0;
    return p;
}

static int fir_up(const SfmCall *call, bool half, SfmVkDispatch *out)
{
    const struct GpuMapParams p = fir_params(call);
    return launch(call, GPU_SHADER(half, "fir_up"), &p, out);
}

static int fir_down(const SfmCall *call, bool half, SfmVkDispatch *out)
{
    const struct GpuMapParams p = fir_params(call);
    return launch(call, GPU_SHADER(half, "fir_down"), &p, out);
}

static int space_to_depth(const SfmCall *call, bool half, SfmVkDispatch *out)
{
    const SfmSpaceToDepth *a = call->attrs;
    struct GpuMapParams p = params(call);
    p.factor = a->factor;
    return launch(call, GPU_SHADER(half, "space_to_depth"), &p, out);
}

// To a plain image, value by value.
static int depth_to_space(const SfmCall *call, bool half, SfmVkDispatch *out)
{
    const SfmDepthToSpace *a = call->attrs;
    struct GpuMapParams p = params(call);
    p.count = p.channels * pixels_of(call->out[0]);
    p.factor = a->factor;
    return launch(call, GPU_SHADER(half, "depth_to_space"), &p, out);
}

#define ROW(prefix, text, word, dispatch_it, in0, in1, out0, can) \
    const SfmVkKernel prefix##word = {            \
        .base = {                                 \
            .name = text #word,                   \
            .op = #word,                          \
            .in = { in0, in1 },                   \
            .out = { out0 },                      \
            .applies = can,                       \
        },                                        \
        .dispatches = dispatch_it,                \
    };

// On halves and on floats. in0, in1 and out0 are PLAIN, or MAP: channels last.
#define ROWS(word, in0, in1, out0, can)                                                   \
    GPU_DISPATCHES(word)                                                                  \
    ROW(sfm_vk_gpu_, "gpu/", word, word##_half, HALF_##in0, HALF_##in1, HALF_##out0, can) \
    ROW(sfm_vk_gpu_fp32_, "gpu-fp32/", word, word##_fp32, FP32_##in0, FP32_##in1, FP32_##out0, can)

#define HALF_MAP   SFM_LAYOUT_NHWC_HALF
#define HALF_PLAIN SFM_LAYOUT_PLAIN
#define FP32_MAP   SFM_LAYOUT_NHWC
#define FP32_PLAIN SFM_LAYOUT_PLAIN

ROWS(activation, MAP, PLAIN, MAP, is_map)
ROWS(add, MAP, MAP, MAP, is_map)
ROWS(add_channels, MAP, PLAIN, MAP, is_map)
ROWS(scale_shift, MAP, PLAIN, MAP, is_map)
ROWS(concat, MAP, MAP, MAP, is_map)
ROWS(slice, MAP, PLAIN, MAP, is_map)
ROWS(upsample_nearest, MAP, PLAIN, MAP, NULL)
ROWS(avg_pool, MAP, PLAIN, MAP, NULL)
ROWS(fir_up, MAP, PLAIN, MAP, NULL)
ROWS(fir_down, MAP, PLAIN, MAP, NULL)
ROWS(space_to_depth, PLAIN, PLAIN, MAP, NULL)
ROWS(depth_to_space, MAP, PLAIN, PLAIN, NULL)
