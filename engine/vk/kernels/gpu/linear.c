// SPDX-License-Identifier: GPL-3.0-or-later
//
// Layers on vectors, which are plain floats in either family: the weights are what
// is halved.

#include "params/gpu_linear.h"
#include "vk/kernels/gpu/gpu.h"
#include "vk/kernels/gpu/kernels.h"
#include "vk/kernels/gpu/weights.h"

static int linear(const SfmCall *call, bool half, SfmVkDispatch *out)
{
    const SfmShape x = call->in[0], y = call->out[0];
    const struct GpuLinearParams p = {
        .num = x.dim[0],
        .inputs = x.dim[1],
        .padded_inputs = planes_of(x) * 4,
        .outputs = y.dim[1],
        .out_planes = planes_of(y),
    };

    *out = dispatch(GPU_SHADER(half, "linear"), ceil_div(p.out_planes, GPU_LINEAR_FOURS), p.num,
                    parts_of(call), &p, sizeof(p));
    for (int i = 0; i < 3; i++)
        gpu_bind(out, SFM_BIND_INPUT, i);
    gpu_bind(out, SFM_BIND_OUTPUT, 0);
    return 1;
}

GPU_DISPATCHES(linear)

#define LINEAR(prefix, text, kind) \
    const SfmVkKernel prefix##linear = {           \
        .base = {                                  \
            .name = text "linear",                 \
            .op = "linear",                        \
            .gflops = SFM_TARGET_GFLOPS,                      \
        },                                         \
        .dispatches = linear_##kind,               \
        .packed_count = sfm_gpu_packed_count_##kind,   \
        .pack = sfm_gpu_pack_##kind,                   \
    }

LINEAR(sfm_vk_gpu_, "gpu/", half);
LINEAR(sfm_vk_gpu_fp32_, "gpu-fp32/", fp32);
