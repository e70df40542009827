// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_KERNELS_GPU_GPU_H
#define SFM_VK_KERNELS_GPU_GPU_H

#include "vk/kernels/launch.h"

// What the gpu kernels share. Each of them exists twice: in family "gpu", whose maps and
// weights are halves (fp16), and in family "gpu-fp32", where all is floats. One function
// describes both; its parameter `halves` says which is meant.

// The shader's name in the family that is meant.
#define GPU_SHADER(halves, name) ((halves) ? "gpu/" name : "gpu-fp32/" name)

// As many workgroups as keep a large GPU busy: about one for each of its multiprocessors.
// Where one image makes fewer, its work is cut into smaller pieces, so that there are more.
#define GPU_WORKGROUPS 128u

// Makes of function(call, halves, out) the two that a kernel's `dispatches` may be:
// function_halves() and function_floats().
#define GPU_DISPATCHES(function)                                          \
    static int function##_halves(const SfmCall *call, SfmVkDispatch *out) \
    {                                                                     \
        return function(call, true, out);                                 \
    }                                                                     \
    static int function##_floats(const SfmCall *call, SfmVkDispatch *out) \
    {                                                                     \
        return function(call, false, out);                                \
    }

// Defines both kernels of a word (kernels.h declares them). `fields` is a macro that gives
// the initialisers of all but the name: fields(map, kind, ...), where `map` is the layout
// of the family's pixel maps, `kind` is `halves` or `floats`, the end of its functions'
// names, and the rest is as it was passed here.
#define GPU_ROWS(word, fields, ...)                                                              \
    const SfmVkKernel sfm_vk_gpu_##word = { .base.name = "gpu/" #word,                           \
                                            fields(SFM_LAYOUT_NHWC_HALF, halves, __VA_ARGS__) }; \
    const SfmVkKernel sfm_vk_gpu_fp32_##word = { .base.name = "gpu-fp32/" #word,                 \
                                                 fields(SFM_LAYOUT_NHWC, floats, __VA_ARGS__) };

// What a row says of an input or output, of which fields() makes a layout with `map`.
#define GPU_MAP(map)   map
#define GPU_PLAIN(map) SFM_LAYOUT_PLAIN

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
