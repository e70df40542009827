// SPDX-License-Identifier: GPL-3.0-or-later
//
// Between row-major tensors and channels last.

#include "params/gpu_relayout.h"
#include "vk/kernels/gpu/gpu.h"
#include "vk/kernels/gpu/kernels.h"

static int launch(const SfmCall *call, const char *shader, SfmVkDispatch *out)
{
    const SfmShape x = call->in[0];
    const struct GpuRelayoutParams p = {
        .pixels = pixels_of(x),
        .channels = x.dim[1],
        .quads = quads_of(x),
        .groups = ceil_div(pixels_of(x), GPU_RELAYOUT_GROUP_SIZE),
    };

    *out = gpu_dispatch(shader, p.groups * p.quads, x.dim[0], &p, sizeof(p));
    gpu_bind(out, SFM_BIND_INPUT, 0);
    gpu_bind(out, SFM_BIND_OUTPUT, 0);
    return 1;
}

static int to_nhwc(const SfmCall *call, bool halves, SfmVkDispatch *out)
{
    return launch(call, GPU_SHADER(halves, "to_nhwc"), out);
}

static int from_nhwc(const SfmCall *call, bool halves, SfmVkDispatch *out)
{
    return launch(call, GPU_SHADER(halves, "from_nhwc"), out);
}

GPU_DISPATCHES(to_nhwc)
GPU_DISPATCHES(from_nhwc)

#define FIELDS(map, kind, word, from, to)                                 \
    .base.op = "copy", .base.in = { from(map) }, .base.out = { to(map) }, \
    .dispatches = word##_##kind

GPU_ROWS(to_nhwc, FIELDS, to_nhwc, GPU_PLAIN, GPU_MAP)
GPU_ROWS(from_nhwc, FIELDS, from_nhwc, GPU_MAP, GPU_PLAIN)
