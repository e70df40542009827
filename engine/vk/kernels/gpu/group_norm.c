// SPDX-License-Identifier: GPL-3.0-or-later
//
// How shaders/kernels/gpu/group_norm.comp cuts its work. All of it follows from the
// shape of one image, so that its bits do not depend on the batch.

#include "ops/group_norm.h"

#include <glib.h>

#include "params/gpu_group_norm.h"
#include "vk/kernels/gpu/gpu.h"
#include "vk/kernels/gpu/kernels.h"

#define BLOCK_QUADS  8u  // of a pixel that a workgroup takes, about: a cache line of fp32
#define WHOLE_ROUNDS 16u // pixels that an invocation may take for one dispatch to be enough
#define RUN_ROUNDS   8u  // pixels that an invocation of two dispatches takes, at least
#define MAX_RUNS     64u // of pixels: each workgroup reads what all have left

static uint32_t group_size(const SfmCall *call)
{
    const SfmGroupNorm *a = call->attrs;
    return call->in[0].dim[1] / a->groups;
}

// The fewest groups of so many channels that fill whole quads.
static uint32_t fewest_groups(uint32_t size)
{
    return size % 4 == 0 ? 1 : size % 2 == 0 ? 2 : 4;
}

// A block of several groups must be within the reach of a row of invocations.
static bool applies(const SfmCall *call)
{
    const SfmGroupNorm *a = call->attrs;
    const uint32_t size = group_size(call), fewest = fewest_groups(size);
    return a->groups == 1 || fewest == 1 || (uint64_t)fewest * size / 4 <= GPU_NORM_GROUP_SIZE;
}

static void cut_channels(struct GpuGroupNormParams *p)
{
    const uint32_t fewest = fewest_groups(p->group_size);
    const uint32_t quads = ceil_div(fewest * p->group_size, 4); // of the fewest groups
    const uint32_t most = ceil_div(p->groups, fewest);
    const uint32_t times = MIN(MAX(1, BLOCK_QUADS / quads), most);

    p->block_groups = p->groups == 1 ? 1 : fewest * times;
    p->block_quads = p->groups == 1 ? p->quads : quads * times;
    p->columns = MIN(p->block_quads, GPU_NORM_GROUP_SIZE);
    p->rows = GPU_NORM_GROUP_SIZE / p->columns;
    for (p->workers = 1; p->workers * 2 * p->block_groups <= GPU_NORM_GROUP_SIZE;)
        p->workers *= 2;
}

static void cut_pixels(struct GpuGroupNormParams *p)
{
    const bool whole = p->pixels <= p->rows * WHOLE_ROUNDS;
    p->run = whole ? p->pixels : MAX(p->rows * RUN_ROUNDS, ceil_div(p->pixels, MAX_RUNS));
    p->runs = ceil_div(p->pixels, p->run);
}

static struct GpuGroupNormParams params(const SfmCall *call)
{
    const SfmGroupNorm *a = call->attrs;
    const SfmShape x = call->in[0];
    struct GpuGroupNormParams p = {
        .channels = x.dim[1],
        .quads = quads_of(x),
        .pixels = pixels_of(x),
        .groups = a->groups,
        .group_size = group_size(call),
        .eps = a->eps,
        .act = a->act,
    };
    cut_channels(&p);
    cut_pixels(&p);
    return p;
}

// Mean and squares of each group's part of each run.
static size_t scratch(const SfmCall *call)
{
    const struct GpuGroupNormParams p = params(call);
    return p.runs == 1 ? 0 : (size_t)call->in[0].dim[0] * p.groups * p.runs * 2 * sizeof(float);
}

static SfmVkDispatch part(const SfmCall *call, const struct GpuGroupNormParams *p,
                          const char *shader)
{
    SfmVkDispatch d = dispatch(shader, p->runs, ceil_div(p->groups, p->block_groups),
                               call->in[0].dim[0], p, sizeof(*p));
    gpu_bind(&d, SFM_BIND_INPUT, 0);
    return d;
}

static void bind_rest(SfmVkDispatch *d)
{
    gpu_bind(d, SFM_BIND_INPUT, 1);
    gpu_bind(d, SFM_BIND_INPUT, 2);
    gpu_bind(d, SFM_BIND_OUTPUT, 0);
}

static int group_norm(const SfmCall *call, bool halves, SfmVkDispatch *out)
{
    const struct GpuGroupNormParams p = params(call);

    if (p.runs == 1) {
        out[0] = part(call, &p, GPU_SHADER(halves, "group_norm"));
        bind_rest(&out[0]);
        return 1;
    }
    out[0] = part(call, &p, GPU_SHADER(halves, "group_norm_statistics"));
    gpu_bind(&out[0], SFM_BIND_SCRATCH, 0);
    out[1] = part(call, &p, GPU_SHADER(halves, "group_norm_apply"));
    bind_rest(&out[1]);
    gpu_bind(&out[1], SFM_BIND_SCRATCH, 0);
    return 2;
}

GPU_DISPATCHES(group_norm)

// gamma and beta, filled up to a whole quad.
static size_t packed_count(const SfmCall *call, int i)
{
    return (size_t)quads_of(call->in[i]) * 4;
}

static void pack(const SfmCall *call, int i, const float *plain, float *packed)
{
    memset(packed, 0, packed_count(call, i) * sizeof(float));
    memcpy(packed, plain, call->in[i].dim[1] * sizeof(float));
}

#define FIELDS(map, kind, op_name)                                                          \
    .base.op = op_name, .base.in = { map }, .base.out = { map }, .base.applies = applies,   \
    .base.scratch = scratch, .dispatches = group_norm_##kind, .packed_count = packed_count, \
    .pack = pack

GPU_ROWS(group_norm, FIELDS, "group_norm")
