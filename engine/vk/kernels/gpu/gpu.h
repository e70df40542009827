// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_KERNELS_GPU_GPU_H
#define SFM_VK_KERNELS_GPU_GPU_H

#include "vk/kernels/launch.h"

// What every kernel of the gpu family says when it describes a dispatch. Each is
// there twice: on halves (`half`, family "gpu") and on floats ("gpu-fp32").
#define GPU_SHADER(half, name) ((half) ? "gpu/" name : "gpu-fp32/" name)

// That a large GPU runs at once: about one a multiprocessor. Where an image has fewer, its
// work is cut finer.
#define GPU_WORKGROUPS 128u

// A function that takes `half`, as the two that a kernel has.
#define GPU_DISPATCHES(function)                                        \
    static int function##_half(const SfmCall *call, SfmVkDispatch *out) \
    {                                                                   \
        return function(call, true, out);                               \
    }                                                                   \
    static int function##_fp32(const SfmCall *call, SfmVkDispatch *out) \
    {                                                                   \
        return function(call, false, out);                              \
    }

// Workgroups in x and y, for shaders that go by include/index.glsl's group_index().
static inline SfmVkDispatch gpu_dispatch(const char *shader, uint32_t groups, uint32_t z,
                                         const void *push, size_t push_size)
{
    return dispatch(shader, groups < MAX_GROUPS ? groups : MAX_GROUPS, ceil_div(groups, MAX_GROUPS),
                    z, push, push_size);
}

static inline void gpu_bind(SfmVkDispatch *d, SfmBindKind kind, int index)
{
    bind(d, kind, index, false);
}

#endif
