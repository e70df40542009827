// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_ACTIVATION_H
#define SFM_OPS_ACTIVATION_H

// Element-wise non-linearities, also inside group_norm.
typedef enum {
    SFM_ACTIVATION_NONE,
    SFM_ACTIVATION_SILU,
    SFM_ACTIVATION_RELU,
    SFM_ACTIVATION_GELU, // the exact one, with erf
    SFM_ACTIVATION_MISH,
    SFM_NUM_ACTIVATIONS,
} SfmActivationKind;

// activation: x [any] -> y as x
typedef struct {
    SfmActivationKind kind;
} SfmActivation;

#endif
