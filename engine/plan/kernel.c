// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/kernel.h"

#include <glib.h>

size_t sfm_layout_bytes(SfmLayout layout, SfmShape shape)
{
    switch (layout) {
    case SFM_LAYOUT_C4:
        shape.dim[1] = (shape.dim[1] + 3) / 4 * 4;
        break;
    case SFM_LAYOUT_PLAIN:
        break;
    }
    return sfm_shape_count(shape) * sizeof(float);
}

const SfmKernel *sfm_target_choose(const SfmTarget *target, const SfmCall *call)
{
    for (size_t i = 0; i < target->num_kernels; i++) {
        const SfmKernel *kernel = target->kernels[i];
        if (g_str_equal(kernel->op, call->op->name) && (!kernel->applies || kernel->applies(call)))
            return kernel;
    }
    return NULL;
}

const SfmKernel *sfm_target_relayout(const SfmTarget *target, SfmLayout from, SfmLayout to)
{
    for (size_t i = 0; i < target->num_kernels; i++) {
        const SfmKernel *kernel = target->kernels[i];
        if (g_str_equal(kernel->op, "copy") && kernel->in[0] == from && kernel->out[0] == to)
            return kernel;
    }
    return NULL;
}

double sfm_target_estimate(const SfmTarget *target, const SfmKernel *kernel, const SfmCall *call)
{
    const SfmCost cost = sfm_call_cost(call);
    const double memory = cost.bytes / (target->gbytes_per_second * 1e6);
    const double arithmetic = kernel->gflops > 0 ? cost.flop / (kernel->gflops * 1e6) : 0;
    return MAX(memory, arithmetic);
}
