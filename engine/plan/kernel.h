// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_PLAN_KERNEL_H
#define SFM_PLAN_KERNEL_H

#include "graph/op.h"
#include "plan/choices.h"

// How a tensor [N, C, H, W] lies in memory: fp32, unless it says otherwise. Channels
// beyond C are zero.
typedef enum {
    SFM_LAYOUT_PLAIN,     // row-major, unpadded
    SFM_LAYOUT_C4,        // [N, ceil(C / 4), H, W, 4]: texels of four channels, a quad
    SFM_LAYOUT_NHWC,      // [N, H, W, ceil(C / 4) * 4]: a pixel's channels side by side
    SFM_LAYOUT_NHWC_HALF, // the same in fp16
    SFM_NUM_LAYOUTS
} SfmLayout;

// Bytes of a tensor in a layout. The shape has passed sfm_shape_bytes().
size_t sfm_layout_bytes(SfmLayout layout, SfmShape shape);

// Whether a tensor of this shape has the same bytes in both.
bool sfm_layout_same(SfmLayout a, SfmLayout b, SfmShape shape);

// Whether, in one image, a range of channels (of those before it, a multiple of four)
// is a range of bytes.
bool sfm_layout_splits(SfmLayout layout, SfmShape shape);

#define SFM_TARGET_GFLOPS (-1.0) // as fast as the target says that its kernels are

typedef struct SfmKernel SfmKernel;

// One way to run an op on one class of device, as far as a plan must know it. A
// runner embeds it as the first field of a struct of its own.
struct SfmKernel {
    const char *name; // "conv2d", "lavapipe/winograd4": for tables and tests
    const char *op;   // the op that it runs

    // What it reads and writes. Weights are not concerned: a runner packs them
    // for the kernel, once, as the kernel likes.
    SfmLayout in[SFM_MAX_INPUTS];
    SfmLayout out[SFM_MAX_OUTPUTS];

    // Bit i: the output may lie where input i lies, if that has its size and is
    // not needed later; each place is read before it is written, and by none but
    // who writes it.
    uint32_t in_place;

    // Bit i: input i is read to its end before any of the output is written, so that
    // the output may lie across it if it is not needed later. May look at the batch:
    // bits do not depend on it. NULL: none.
    uint32_t (*reads_first)(const SfmCall *call);

    // Whether it can run this call; looks at shapes and attributes alone, never
    // at the batch (dim[0]), so that an image's bits do not depend on it.
    // NULL: always.
    bool (*applies)(const SfmCall *call);

    // Whether it is worth it where nobody has measured, of a call to which it
    // applies. As above; it may look at the machine if what runs the call otherwise
    // gives the same bits. NULL: always.
    bool (*pays)(const SfmCall *call);

    // Bytes of scratch memory while it runs. NULL: none.
    size_t (*scratch)(const SfmCall *call);

    // To estimate times: lavapipe's measured on two cores; or SFM_TARGET_GFLOPS; 0:
    // memory-bound.
    double gflops;

    // Of conv2d: the kernel of norm_conv2d with the bits of a group norm and this. NULL:
    // none.
    const SfmKernel *normed;
};

// What a plan is made for. Pure data; a runner has one.
typedef struct {
    const char *name;                // of the family of kernels: "reference", "plain", "lavapipe"
    bool halves;                     // it stores activations and weights as fp16
    const SfmKernel *const *kernels; // ordered: the first that applies and pays runs the call
    const SfmChoices *choices;       // unless these name another; borrowed; NULL: none
    size_t num_kernels;
    size_t alignment;         // of every offset, in bytes; a power of two
    size_t max_block;         // bytes of the largest piece of memory
    double gflops;            // arithmetic of kernels that say SFM_TARGET_GFLOPS, and
    double gbytes_per_second; // memory-bound work, to estimate times
    bool as_built;            // run the graph's calls one by one, for tests: no pass fuses any
    bool norms_apart;         // and group norms, to time kernels against each other
} SfmTarget;

// The kernel that runs `call`; NULL if there is none. A choice that is no rival for
// it counts for nothing.
const SfmKernel *sfm_target_choose(const SfmTarget *target, const SfmCall *call);

// The kernels that may run `call` without a change of layout: the usual one, the
// first that applies and pays, which is number 0, and the others that apply and
// have its layouts.
// NULL: there are not so many.
const SfmKernel *sfm_target_rival(const SfmTarget *target, const SfmCall *call, size_t i);

// Whether the kernel (NULL: none does) runs the op of calls with this key.
bool sfm_kernel_suits(const SfmKernel *kernel, const char *key);

// Whether each of the choices is of a kernel that the target has, for calls of the
// op that it runs. False with SFM_ERROR_UNSUPPORTED, the message naming one that
// is not.
bool sfm_target_check_choices(const SfmTarget *target, const SfmChoices *choices, GError **error);

// The kernel of op "copy" from one layout to the other; NULL if there is none.
const SfmKernel *sfm_target_relayout(const SfmTarget *target, SfmLayout from, SfmLayout to);

// Milliseconds that the call is expected to take.
double sfm_target_estimate(const SfmTarget *target, const SfmKernel *kernel, const SfmCall *call);

#endif
