// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_KERNEL_H
#define SFM_VK_KERNEL_H

#include "plan/kernel.h"

// A way to run an op on Vulkan, as constant data: engine/vk/kernels/FAMILY/NAME.c has
// one or a few, engine/vk/kernels/table.c the ordered list for each class of
// device. Kernels never call Vulkan.
#define SFM_MAX_BINDINGS   9 // as many as an expression has: SFM_EXPR_MAX_TENSORS and its result
#define SFM_MAX_DISPATCHES 96

typedef enum { SFM_BIND_INPUT, SFM_BIND_OUTPUT, SFM_BIND_SCRATCH } SfmBindKind;

// What one binding of a shader sees: binding i of the dispatch is binding = i in
// the shader.
typedef struct {
    SfmBindKind kind;
    int index;           // of the input or output
    bool texel;          // an rgba32f imageBuffer; else a storage buffer
    size_t offset, size; // bytes within it; size 0: to its end
} SfmVkBinding;

typedef struct {
    const char *shader; // its name in the embedded table: "conv2d", "lavapipe/gemm_8x32"
    uint32_t groups[3];
    size_t push_size;
    uint8_t push[SFM_MAX_PUSH];
    int num_bindings;
    SfmVkBinding binding[SFM_MAX_BINDINGS];
} SfmVkDispatch;

typedef struct {
    SfmKernel base;

    // The dispatches of one call, each waiting for the one before. Returns how
    // many.
    int (*dispatches)(const SfmCall *call, SfmVkDispatch out[SFM_MAX_DISPATCHES]);

    // How a weight (input i of the call) lies on the device: its size in units of
    // a float's, and the packing from row-major, of two halves a float as well. NULL: as it is.
    size_t (*packed_count)(const SfmCall *call, int i);
    void (*pack)(const SfmCall *call, int i, const float *plain, float *packed);
} SfmVkKernel;

#endif
