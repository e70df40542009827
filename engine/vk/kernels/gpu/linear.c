// SPDX-License-Identifier: GPL-3.0-or-later
//
// Layers on vectors, which are plain floats in either family: the weights are what
// is halved.

#include "ops/linear.h"
#include "params/gpu_linear.h"
#include "vk/kernels/gpu/gpu.h"
#include "vk/kernels/gpu/kernels.h"
#include "vk/kernels/gpu/weights.h"

static int linear(const SfmCall *call, bool halves, SfmVkDispatch *out)
{
    const SfmShape x = call->in[0], y = call->out[0];
    const struct GpuLinearParams p = {
        .num = x.dim[0],
        .inputs = x.dim[1],
        .padded_inputs = quads_of(x) * 4,
        .outputs = y.dim[1],
        .out_quads = quads_of(y),
        .act = ((const SfmLinear *)call->attrs)->act,
    };

    *out = dispatch(GPU_SHADER(halves, "linear"), ceil_div(p.out_quads, GPU_LINEAR_QUADS), p.num,
                    parts_of(call), &p, sizeof(p));
    for (int i = 0; i < 3; i++)
        gpu_bind(out, SFM_BIND_INPUT, i);
    gpu_bind(out, SFM_BIND_OUTPUT, 0);
    return 1;
}

GPU_DISPATCHES(linear)

#define FIELDS(map, kind, op_name)                                                     \
    .base.op = op_name, .base.gflops = SFM_TARGET_GFLOPS, .dispatches = linear_##kind, \
    .packed_count = sfm_gpu_packed_count_##kind, .pack = sfm_gpu_pack_##kind

GPU_ROWS(linear, FIELDS, "linear")
