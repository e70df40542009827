// SPDX-License-Identifier: GPL-3.0-or-later
//
// Convolutions of any kernel, stride and padding as a product of tiles in shared
// memory (shaders/kernels/gpu/conv.comp). What lies in a tile is the launch's
// choice, which may look at the batch, since all tiles give the same bits; in how
// many parts a sum is made changes them, and is the image's alone.

#include "ops/conv2d.h"

#include <glib.h>

#include "params/gpu_conv.h"
#include "vk/kernels/gpu/gpu.h"
#include "vk/kernels/gpu/kernels.h"
#include "vk/kernels/gpu/weights.h"

#define MOST_SPLITS 16
#define LEAST_STEPS 8 // of a split: 128 products of one tap, or of several
#define MAX_PASSES  (SFM_MAX_DISPATCHES / 2)
#define PASS_BYTES  ((size_t)64 << 20) // of sums, as far as MAX_PASSES allows

typedef struct {
    const char *on_halves, *on_floats, *split_halves, *split_floats; // shaders
    uint32_t pixels, outputs;
    uint32_t loads; // of shared memory, for 128 multiply-adds of an invocation
} Tile;

#define TILE(word, pixels, outputs, loads)                               \
    {                                                                    \
        "gpu/conv_" word, "gpu-fp32/conv_" word, "gpu/conv_split_" word, \
            "gpu-fp32/conv_split_" word, pixels, outputs, loads          \
    }

static const Tile tiles[] = {
    TILE("128x64", 128, 64, 12),
    TILE("64x64", 64, 64, 16),
    TILE("32x64", 32, 64, 24),
    TILE("128x16", 128, 16, 24),
};

// What a product takes in this tile, relative. Predicted and not measured: between
// arithmetic alone, which would make all tiles equal, and loads alone, by which the
// last two would take twice the time of the first.
static double cost_of(const Tile *tile)
{
    return 0.4 + 0.05 * tile->loads;
}

static uint32_t tap_steps(const SfmCall *call)
{
    return ceil_div(quads_of(call->in[0]), GPU_STEP_QUADS);
}

static uint32_t all_steps(const SfmCall *call)
{
    const SfmConv2d *a = call->attrs;
    return a->kernel * a->kernel * tap_steps(call);
}

// Steps of one split of the sum: an image that has few tiles fills a GPU only with
// several workgroups a tile.
static uint32_t split_steps(const SfmCall *call)
{
    const SfmShape y = call->out[0];
    const uint32_t groups = ceil_div(pixels_of(y), 64) * ceil_div(y.dim[1], 64);
    const uint32_t steps = all_steps(call);
    const uint32_t most = MIN(MOST_SPLITS, MAX(steps / LEAST_STEPS, 1));
    return ceil_div(steps, CLAMP(GPU_WORKGROUPS / groups, 1, most));
}

static uint32_t num_splits(const SfmCall *call)
{
    return ceil_div(all_steps(call), split_steps(call));
}

// The least time for `pixels` in all, if the GPU runs GPU_WORKGROUPS at once.
static const Tile *tile_for(const SfmCall *call, uint32_t pixels)
{
    const Tile *best = NULL;
    double least = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(tiles); i++) {
        const Tile *t = &tiles[i];
        const double groups = (double)ceil_div(pixels, t->pixels) *
                              ceil_div(call->out[0].dim[1], t->outputs) * parts_of(call) *
                              num_splits(call);
        const double time = MAX(groups, GPU_WORKGROUPS) * t->pixels * t->outputs * cost_of(t);
        if (!best || time < least) {
            best = t;
            least = time;
        }
    }
    return best;
}

static uint32_t addend_of(const SfmCall *call)
{
    if (call->num_inputs < 4)
        return GPU_ADDEND_NONE;
    return pixels_of(call->in[3]) == 1 ? GPU_ADDEND_VECTOR : GPU_ADDEND_RESIDUAL;
}

static struct GpuConvParams params(const SfmCall *call)
{
    const SfmConv2d *a = call->attrs;
    const SfmShape x = call->in[0], y = call->out[0];
    const uint32_t height = sfm_conv2d_seen(a, x.dim[2]), width = sfm_conv2d_seen(a, x.dim[3]);

    return (struct GpuConvParams){
        .all_pixels = x.dim[0] * pixels_of(y),
        .image_pixels = pixels_of(y),
        .width = y.dim[3],
        .in_height = height,
        .in_width = width,
        .doubled = a->doubled,
        .kernel = a->kernel,
        .stride = a->stride,
        .top = (int)a->top,
        .left = (int)a->left,
        .wrap_height = a->wrap.y ? height : 0,
        .wrap_width = a->wrap.x ? width : 0,
        .quads = quads_of(x),
        .out_quads = quads_of(y),
        .out_channels = y.dim[1],
        .parts = parts_of(call),
        .splits = num_splits(call),
        .split_steps = split_steps(call),
        .tap_steps = tap_steps(call),
        .addend = addend_of(call),
        .scale = a->scale,
    };
}

// ---- dispatches -------------------------------------------------------------

// What finishes a sum binds, from 2 on: whatever is absent is not looked at.
static void bind_end(SfmVkDispatch *d, const SfmCall *call)
{
    const uint32_t addend = addend_of(call);

    gpu_bind(d, SFM_BIND_INPUT, 2);
    gpu_bind(d, SFM_BIND_INPUT, addend == GPU_ADDEND_RESIDUAL ? 3 : 2);
    gpu_bind(d, SFM_BIND_INPUT, addend == GPU_ADDEND_VECTOR ? 3 : 2);
    gpu_bind(d, SFM_BIND_OUTPUT, 0);
}

static SfmVkDispatch multiply(const SfmCall *call, bool halves, const struct GpuConvParams *p)
{
    const uint32_t pixels = p->end_pixel - p->first_pixel;
    const Tile *tile = tile_for(call, pixels);
    const uint32_t z = ceil_div(p->out_channels, tile->outputs) * p->parts * p->splits;
    const char *whole = halves ? tile->on_halves : tile->on_floats;
    const char *split = halves ? tile->split_halves : tile->split_floats;

    SfmVkDispatch d = gpu_dispatch(p->splits > 1 ? split : whole, ceil_div(pixels, tile->pixels), z,
                                   p, sizeof(*p));
    gpu_bind(&d, SFM_BIND_INPUT, 0);
    gpu_bind(&d, SFM_BIND_INPUT, 1);
    return d;
}

static SfmVkDispatch reduce(const SfmCall *call, bool halves, const struct GpuConvParams *p)
{
    const uint32_t count = (p->end_pixel - p->first_pixel) * p->out_quads;
    SfmVkDispatch d = gpu_dispatch(GPU_SHADER(halves, "reduce_splits"),
                                   ceil_div(count, GPU_CONV_GROUP_SIZE), p->parts, p, sizeof(*p));
    gpu_bind(&d, SFM_BIND_SCRATCH, 0);
    gpu_bind(&d, SFM_BIND_INPUT, 2); // not looked at
    bind_end(&d, call);
    return d;
}

// Bytes of sums for one pixel.
static size_t sums_size(const SfmCall *call)
{
    return num_splits(call) * parts_of(call) * quads_of(call->out[0]) * 4 * sizeof(float);
}

// How many pixels are made at once: their sums take memory.
static uint32_t pass_pixels(const SfmCall *call)
{
    const uint32_t all = call->in[0].dim[0] * pixels_of(call->out[0]);
    const size_t fitting = MAX(PASS_BYTES / sums_size(call), ceil_div(all, MAX_PASSES));
    return (uint32_t)MIN(fitting, all);
}

static size_t scratch(const SfmCall *call)
{
    return num_splits(call) > 1 ? pass_pixels(call) * sums_size(call) : 0;
}

static int dispatches(const SfmCall *call, bool halves, SfmVkDispatch *out)
{
    struct GpuConvParams p = params(call);
    int count = 0;

    if (p.splits == 1) {
        p.end_pixel = p.all_pixels;
        out[0] = multiply(call, halves, &p);
        bind_end(&out[0], call);
        return 1;
    }
    for (uint32_t first = 0; first < p.all_pixels; first = p.end_pixel) {
        p.first_pixel = first;
        p.end_pixel = MIN(first + pass_pixels(call), p.all_pixels);
        out[count] = multiply(call, halves, &p);
        gpu_bind(&out[count++], SFM_BIND_SCRATCH, 0);
        out[count++] = reduce(call, halves, &p);
    }
    return count;
}

GPU_DISPATCHES(dispatches)

// ---- rows -------------------------------------------------------------------

static bool has_no_vector(const SfmCall *call)
{
    return addend_of(call) != GPU_ADDEND_VECTOR;
}

static bool has_vector(const SfmCall *call)
{
    return addend_of(call) == GPU_ADDEND_VECTOR;
}

#define FIELDS(map, kind, can, addend, alias)                                              \
    .base.op = "conv2d", .base.in = { [0] = map, [3] = addend(map) }, .base.out = { map }, \
    .base.in_place = alias, .base.applies = can, .base.scratch = scratch,                  \
    .base.gflops = SFM_TARGET_GFLOPS, .dispatches = dispatches_##kind,                     \
    .packed_count = sfm_gpu_packed_count_##kind, .pack = sfm_gpu_pack_##kind

GPU_ROWS(conv, FIELDS, has_no_vector, GPU_MAP, 1 << 3)
GPU_ROWS(conv_vector, FIELDS, has_vector, GPU_PLAIN, 0)
