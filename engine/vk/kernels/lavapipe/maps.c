// SPDX-License-Identifier: GPL-3.0-or-later
//
// Memory-bound kernels on pixel maps in the C4 layout: each makes its output
// plane by plane, a run of texels a workgroup (shaders/include/map.glsl).

#include "params/maps.h"
#include "ops/activation.h"
#include "ops/add.h"
#include "ops/depth_to_space.h"
#include "ops/resample.h"
#include "ops/scale_shift.h"
#include "ops/space_to_depth.h"
#include "vk/kernels/launch.h"
#include "vk/kernels/lavapipe/kernels.h"

// Vectors stay plain: a map has more than one pixel.
static bool is_map(const SfmCall *call)
{
    return pixels_of(call->out[0]) > 1;
}

static struct MapParams params(const SfmCall *call)
{
    const SfmShape x = call->in[0], y = call->out[0];

    return (struct MapParams){
        .planes = quads_of(y),
        .pixels = pixels_of(y),
        .width = y.dim[3],
        .inverse_width = 1.0f / (float)y.dim[3],
        .in_planes = quads_of(x),
        .in_height = x.dim[2],
        .in_width = x.dim[3],
        .channels = y.dim[1],
    };
}

// The shader's variant for a plane: lanes that make two texels at a time.
#define VARIANT(p, shader) ((p)->pixels % 2 == 0 ? shader "_pairs" : shader)

// Inputs and output in the order of the call's; texels where they are loaded in C4.
static int launch(const SfmCall *call, const char *shader, const SfmVkKernel *kernel,
                  const struct MapParams *p, SfmVkDispatch *out)
{
    *out = dispatch(shader, ceil_div(p->pixels, MAP_RUN), p->planes, call->out[0].dim[0], p,
                    sizeof(*p));
    for (int i = 0; i < call->num_inputs; i++)
        bind(out, SFM_BIND_INPUT, i, kernel->base.in[i] == SFM_LAYOUT_C4);
    bind(out, SFM_BIND_OUTPUT, 0, false);
    return 1;
}

static int activation(const SfmCall *call, SfmVkDispatch *out)
{
    const SfmActivation *a = call->attrs;
    struct MapParams p = params(call);
    p.act = a->kind;
    const char *shader = a->kind == SFM_ACTIVATION_SILU ? VARIANT(&p, "lavapipe/silu")
                                                        : VARIANT(&p, "lavapipe/activation");
    return launch(call, shader, &sfm_vk_lavapipe_activation, &p, out);
}

static int add(const SfmCall *call, SfmVkDispatch *out)
{
    const SfmAdd *a = call->attrs;
    struct MapParams p = params(call);
    p.scale = a->scale;
    return launch(call, VARIANT(&p, "lavapipe/add"), &sfm_vk_lavapipe_add, &p, out);
}

static int scale_shift(const SfmCall *call, SfmVkDispatch *out)
{
    const SfmScaleShift *a = call->attrs;
    struct MapParams p = params(call);
    p.act = a->act;
    const char *shader = a->act == SFM_ACTIVATION_SILU ? VARIANT(&p, "lavapipe/scale_shift_silu")
                                                       : VARIANT(&p, "lavapipe/scale_shift");
    return launch(call, shader, &sfm_vk_lavapipe_scale_shift, &p, out);
}

// Both filters look one pixel beyond the edge.
static struct MapParams fir_params(const SfmCall *call)
{
    const SfmWrap *wrap = call->attrs;
    struct MapParams p = params(call);
    p.wrap_height = wrap->y ? p.in_height : 0;
    p.wrap_width = wrap->x ? p.in_width : 0;
    return p;
}

static int fir_up(const SfmCall *call, SfmVkDispatch *out)
{
    const struct MapParams p = fir_params(call);
    return launch(call, VARIANT(&p, "lavapipe/fir_up"), &sfm_vk_lavapipe_fir_up, &p, out);
}

static int fir_down(const SfmCall *call, SfmVkDispatch *out)
{
    const struct MapParams p = fir_params(call);
    return launch(call, VARIANT(&p, "lavapipe/fir_down"), &sfm_vk_lavapipe_fir_down, &p, out);
}

// a must fill whole texels, or b would have to be shifted within its own.
static bool concat_applies(const SfmCall *call)
{
    return is_map(call) && call->in[0].dim[1] % 4 == 0;
}

// Between the layouts, four texels make four channels' four pixels.
static int to_c4(const SfmCall *call, SfmVkDispatch *out)
{
    const struct MapParams p = params(call);
    const bool fours = p.pixels % 4 == 0;
    launch(call, fours ? "lavapipe/to_c4_fours" : "lavapipe/to_c4", &sfm_vk_lavapipe_to_c4, &p,
           out);
    out->binding[0].texel = fours;
    return 1;
}

static int from_c4(const SfmCall *call, SfmVkDispatch *out)
{
    const struct MapParams p = params(call);
    const bool fours = p.pixels % 4 == 0;
    return launch(call, fours ? "lavapipe/from_c4_fours" : "lavapipe/from_c4",
                  &sfm_vk_lavapipe_from_c4, &p, out);
}

// A texel of C4 is a square of two by two, and two of them lie side by side.
static bool space_to_depth_applies(const SfmCall *call)
{
    const SfmSpaceToDepth *a = call->attrs;
    return a->factor == 2 && call->out[0].dim[3] % 2 == 0;
}

static bool depth_to_space_applies(const SfmCall *call)
{
    const SfmDepthToSpace *a = call->attrs;
    return a->factor == 2 && call->in[0].dim[3] % 2 == 0;
}

static int space_to_depth(const SfmCall *call, SfmVkDispatch *out)
{
    const struct MapParams p = params(call);
    launch(call, "lavapipe/space_to_depth", &sfm_vk_lavapipe_space_to_depth, &p, out);
    out->binding[0].texel = true;
    return 1;
}

// Goes over its input, which is what lies in C4.
static int depth_to_space(const SfmCall *call, SfmVkDispatch *out)
{
    const SfmShape x = call->in[0];
    const struct MapParams p = {
        .planes = quads_of(x),
        .pixels = pixels_of(x),
        .width = x.dim[3],
        .inverse_width = 1.0f / (float)x.dim[3],
    };
    return launch(call, "lavapipe/depth_to_space", &sfm_vk_lavapipe_depth_to_space, &p, out);
}

// The kernels whose attributes, if any, the shapes have told already.
#define MAP_KERNEL(word, op_word, in0, in1, out0, can)                                         \
    static int word(const SfmCall *call, SfmVkDispatch *out)                                   \
    {                                                                                          \
        const struct MapParams p = params(call);                                               \
        return launch(call, VARIANT(&p, "lavapipe/" #word), &sfm_vk_lavapipe_##word, &p, out); \
    }                                                                                          \
    ROW(word, op_word, in0, in1, out0, can)

#define ROW(word, op_word, in0, in1, out0, can) \
    const SfmVkKernel sfm_vk_lavapipe_##word = {                                                   \
        .base = {                                                                                  \
            .name = "lavapipe/" #word,                                                             \
            .op = #op_word,                                                                        \
            .in = { SFM_LAYOUT_##in0, SFM_LAYOUT_##in1 },                                          \
            .out = { SFM_LAYOUT_##out0 },                                                          \
            .applies = can,                                                                        \
        },                                                                                         \
        .dispatches = word,                                                                        \
    }

ROW(activation, activation, C4, PLAIN, C4, is_map);
ROW(add, add, C4, C4, C4, is_map);
ROW(scale_shift, scale_shift, C4, PLAIN, C4, is_map);
ROW(fir_up, fir_up, C4, PLAIN, C4, NULL);
ROW(fir_down, fir_down, C4, PLAIN, C4, NULL);
MAP_KERNEL(add_channels, add_channels, C4, PLAIN, C4, is_map);
MAP_KERNEL(concat, concat, C4, C4, C4, concat_applies);
MAP_KERNEL(upsample_nearest, upsample_nearest, C4, PLAIN, C4, NULL);
MAP_KERNEL(avg_pool, avg_pool, C4, PLAIN, C4, NULL);
ROW(space_to_depth, space_to_depth, PLAIN, PLAIN, C4, space_to_depth_applies);
ROW(depth_to_space, depth_to_space, C4, PLAIN, PLAIN, depth_to_space_applies);
ROW(to_c4, copy, PLAIN, PLAIN, C4, NULL);
ROW(from_c4, copy, C4, PLAIN, PLAIN, NULL);
