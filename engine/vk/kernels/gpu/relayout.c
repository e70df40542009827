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
        .planes = planes_of(x),
        .groups = ceil_div(pixels_of(x), RELAYOUT_PIXELS),
    };

    *out = gpu_dispatch(shader, p.groups * p.planes, x.dim[0], &p, sizeof(p));
    gpu_bind(out, SFM_BIND_INPUT, 0);
    gpu_bind(out, SFM_BIND_OUTPUT, 0);
    return 1;
}

static int to_nhwc(const SfmCall *call, bool half, SfmVkDispatch *out)
{
    return launch(call, GPU_SHADER(half, "to_nhwc"), out);
}

static int from_nhwc(const SfmCall *call, bool half, SfmVkDispatch *out)
{
    return launch(call, GPU_SHADER(half, "from_nhwc"), out);
}

GPU_DISPATCHES(to_nhwc)
GPU_DISPATCHES(from_nhwc)

#define RELAYOUT(prefix, text, word, from, to, function) \
    const SfmVkKernel prefix##word = {                    \
        .base = {                                         \
            .name = text #word,                           \
            .op = "copy",                                 \
            .in = { from },                               \
            .out = { to },                                \
        },                                                \
        .dispatches = function,                           \
    }

RELAYOUT(sfm_vk_gpu_, "gpu/", to_nhwc, SFM_LAYOUT_PLAIN, SFM_LAYOUT_NHWC_HALF, to_nhwc_half);
RELAYOUT(sfm_vk_gpu_, "gpu/", from_nhwc, SFM_LAYOUT_NHWC_HALF, SFM_LAYOUT_PLAIN, from_nhwc_half);
RELAYOUT(sfm_vk_gpu_fp32_, "gpu-fp32/", to_nhwc, SFM_LAYOUT_PLAIN, SFM_LAYOUT_NHWC, to_nhwc_fp32);
RELAYOUT(sfm_vk_gpu_fp32_, "gpu-fp32/", from_nhwc, SFM_LAYOUT_NHWC, SFM_LAYOUT_PLAIN,
         from_nhwc_fp32);
