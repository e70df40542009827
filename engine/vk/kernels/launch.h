// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_KERNELS_LAUNCH_H
#define SFM_VK_KERNELS_LAUNCH_H

#include <string.h>

#include "vk/kernel.h"

// What kernels say when they describe a dispatch. LANES, TEXEL_BYTES and bind_scratch(),
// which binds a texel buffer, are lavapipe's alone.
#define LANES       8      // of a subgroup, which is a workgroup, on llvmpipe
#define MAX_GROUPS  65535u // in each direction: what every device grants
#define TEXEL_BYTES (4 * sizeof(float))

// All loops of an invocation together end after so many turns in llvmpipe, and leave
// the rest undone (gallivm's LP_MAX_TGSI_LOOP_ITERATIONS).
#define MAX_TURNS 65535u

static inline uint32_t ceil_div(uint32_t a, uint32_t b)
{
    return a / b + (a % b != 0);
}

// Quads, four neighbouring channels each, that hold a tensor's channels; the last may be
// filled up with zeros. In SFM_LAYOUT_C4 the texels of one quad, of all pixels, are a plane.
static inline uint32_t quads_of(SfmShape shape)
{
    return ceil_div(shape.dim[1], 4);
}

static inline uint32_t pixels_of(SfmShape shape)
{
    return shape.dim[2] * shape.dim[3];
}

// Of conv2d and linear: the calls of one input that this one stands for.
static inline uint32_t parts_of(const SfmCall *call)
{
    return call->in[2].dim[0];
}

static inline SfmVkDispatch dispatch(const char *shader, uint32_t x, uint32_t y, uint32_t z,
                                     const void *push, size_t push_size)
{
    SfmVkDispatch d = { .shader = shader, .groups = { x, y, z }, .push_size = push_size };
    memcpy(d.push, push, push_size);
    return d;
}

static inline void bind(SfmVkDispatch *d, SfmBindKind kind, int index, bool texel)
{
    d->binding[d->num_bindings++] = (SfmVkBinding){ .kind = kind, .index = index, .texel = texel };
}

static inline void bind_scratch(SfmVkDispatch *d, size_t offset, size_t size)
{
    d->binding[d->num_bindings++] =
        (SfmVkBinding){ .kind = SFM_BIND_SCRATCH, .texel = true, .offset = offset, .size = size };
}

#endif
