// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_NETS_LAYERS_H
#define SFM_NETS_LAYERS_H

#include "graph/graph.h"
#include "ops/activation.h"
#include "ops/wrap.h"

// The layers that networks are made of, as graph builders. Each takes the name
// that its weights have in a checkpoint, NAME.weight and NAME.bias, and returns
// its result; after a failure they return 0 and the graph keeps the first one.

// `wrap` says which axes of their maps have no end.

// A call of an op by its name.
SfmValue sfm_layer_op(SfmGraph *graph, const char *op, const void *attrs, int num_inputs,
                      const SfmValue in[]);

// Ops of one input, and (a + b) * scale.
SfmValue sfm_layer_map(SfmGraph *graph, const char *op, const void *attrs, SfmValue x);
SfmValue sfm_layer_add(SfmGraph *graph, SfmValue a, SfmValue b, double scale);

typedef enum {
    SFM_CONV_1X1,          // over pixels
    SFM_CONV_3X3,          // same size
    SFM_CONV_3X3_HALF,     // stride 2, padding 1 all around
    SFM_CONV_3X3_HALF_END, // stride 2, padding 1 at right and bottom only
} SfmConvKind;

SfmValue sfm_layer_conv(SfmGraph *graph, const char *name, SfmValue x, uint32_t out_channels,
                        SfmConvKind kind, SfmWrap wrap);

// x [N, I, 1, 1] -> [N, width, 1, 1]
SfmValue sfm_layer_linear(SfmGraph *graph, const char *name, SfmValue x, uint32_t width);

SfmValue sfm_layer_norm(SfmGraph *graph, const char *name, SfmValue x, uint32_t groups, double eps,
                        SfmActivationKind act);

typedef enum {
    SFM_RESAMPLE_NONE,
    SFM_RESAMPLE_POOL,    // average pooling, half the size
    SFM_RESAMPLE_NEAREST, // twice the size
    SFM_RESAMPLE_FIR_DOWN,
    SFM_RESAMPLE_FIR_UP,
} SfmResample;

SfmValue sfm_layer_resample(SfmGraph *graph, SfmResample how, SfmValue x, SfmWrap wrap);

// A residual block (He et al., as in Ho et al. 2020): norm, act, [resample],
// conv, time, norm, act, conv, beside a shortcut.
typedef struct {
    uint32_t out_channels;
    uint32_t groups, groups_out; // of the first and the second norm
    double eps;
    SfmActivationKind act;
    SfmValue time;        // [N, E, 1, 1], activated
    bool scale_shift;     // the time embedding scales and shifts; else it is added
    bool shortcut;        // a 1x1 convolution even where the channels stay the same
    SfmResample resample; // of both branches
    SfmWrap wrap;
    double scale; // of the sum: 1 / output_scale_factor
} SfmResnet;

SfmValue sfm_layer_resnet(SfmGraph *graph, const char *name, SfmValue x, const SfmResnet *resnet);

// Self-attention over pixels, with residual (Vaswani et al. 2017).
typedef struct {
    uint32_t head_dim; // 0: one head as wide as x
    uint32_t groups;   // of the norm before it; 0: no norm
    double eps;
    double scale; // of the sum with the input
} SfmSelfAttention;

SfmValue sfm_layer_attention(SfmGraph *graph, const char *name, SfmValue x,
                             const SfmSelfAttention *attention);

#endif
