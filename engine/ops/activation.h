// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_ACTIVATION_H
#define SFM_OPS_ACTIVATION_H

#include <stdbool.h>

#include "base/error.h"

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

// One value; for the references of all ops that apply one.
double sfm_activate(SfmActivationKind kind, double x);

// For infer(): whether there is such a kind; if not, says so in the name of `op`.
bool sfm_activation_valid(const char *op, SfmActivationKind kind, GError **error);

#endif
