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
        .count = pixels_of(y) * quads_of(y),
        .quads = quads_of(y),
        .width = y.dim[3],
        .in_quads = quads_of(x),
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
#define AS_SHAPED(word)                                                   \
    static int word(const SfmCall *call, bool halves, SfmVkDispatch *out) \
    {                                                                     \
        const struct GpuMapParams p = params(call);                       \
        return launch(call, GPU_SHADER(halves, #word), &p, out);          \
    }

AS_SHAPED(add_channels)
AS_SHAPED(concat)
AS_SHAPED(upsample_nearest)
AS_SHAPED(avg_pool)

static int activation(const SfmCall *call, bool halves, SfmVkDispatch *out)
{
    const SfmActivation *a = call->attrs;
    struct GpuMapParams p = params(call);
    p.act = a->kind;
    return launch(call, GPU_SHADER(halves, "activation"), &p, out);
}

static int add(const SfmCall *call, bool halves, SfmVkDispatch *out)
{
    const SfmAdd *a = call->attrs;
    struct GpuMapParams p = params(call);
    p.scale = a->scale;
    return launch(call, GPU_SHADER(halves, "add"), &p, out);
}

static int scale_shift(const SfmCall *call, bool halves, SfmVkDispatch *out)
{
    const SfmScaleShift *a = call->attrs;
    struct GpuMapParams p = params(call);
    p.act = a->act;
    return launch(call, GPU_SHADER(halves, "scale_shift"), &p, out);
}

static int slice(const SfmCall *call, bool halves, SfmVkDispatch *out)
{
    const SfmSlice *a = call->attrs;
    struct GpuMapParams p = params(call);
    p.first = a->first;
    return launch(call, GPU_SHADER(halves, "slice"), &p, out);
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

static int fir_up(const SfmCall *call, bool halves, SfmVkDispatch *out)
{
    const struct GpuMapParams p = fir_params(call);
    return launch(call, GPU_SHADER(halves, "fir_up"), &p, out);
}

static int fir_down(const SfmCall *call, bool halves, SfmVkDispatch *out)
{
    const struct GpuMapParams p = fir_params(call);
    return launch(call, GPU_SHADER(halves, "fir_down"), &p, out);
}

static int space_to_depth(const SfmCall *call, bool halves, SfmVkDispatch *out)
{
    const SfmSpaceToDepth *a = call->attrs;
    struct GpuMapParams p = params(call);
    p.factor = a->factor;
    return launch(call, GPU_SHADER(halves, "space_to_depth"), &p, out);
}

// To a plain image, value by value.
static int depth_to_space(const SfmCall *call, bool halves, SfmVkDispatch *out)
{
    const SfmDepthToSpace *a = call->attrs;
    struct GpuMapParams p = params(call);
    p.count = p.channels * pixels_of(call->out[0]);
    p.factor = a->factor;
    return launch(call, GPU_SHADER(halves, "depth_to_space"), &p, out);
}

#define FIELDS(map, kind, word, in0, in1, out0, can)                                \
    .base.op = #word, .base.in = { in0(map), in1(map) }, .base.out = { out0(map) }, \
    .base.applies = can, .dispatches = word##_##kind

#define ROWS(word, ...)  \
    GPU_DISPATCHES(word) \
    GPU_ROWS(word, FIELDS, word, __VA_ARGS__)

ROWS(activation, GPU_MAP, GPU_PLAIN, GPU_MAP, is_map)
ROWS(add, GPU_MAP, GPU_MAP, GPU_MAP, is_map)
ROWS(add_channels, GPU_MAP, GPU_PLAIN, GPU_MAP, is_map)
ROWS(scale_shift, GPU_MAP, GPU_PLAIN, GPU_MAP, is_map)
ROWS(concat, GPU_MAP, GPU_MAP, GPU_MAP, is_map)
ROWS(slice, GPU_MAP, GPU_PLAIN, GPU_MAP, is_map)
ROWS(upsample_nearest, GPU_MAP, GPU_PLAIN, GPU_MAP, NULL)
ROWS(avg_pool, GPU_MAP, GPU_PLAIN, GPU_MAP, NULL)
ROWS(fir_up, GPU_MAP, GPU_PLAIN, GPU_MAP, NULL)
ROWS(fir_down, GPU_MAP, GPU_PLAIN, GPU_MAP, NULL)
ROWS(space_to_depth, GPU_PLAIN, GPU_PLAIN, GPU_MAP, NULL)
ROWS(depth_to_space, GPU_MAP, GPU_PLAIN, GPU_PLAIN, NULL)
