// SPDX-License-Identifier: GPL-3.0-or-later
// sfm_activate() of engine/ops/activation.c. Within 1e-6 of it, relative to
// max(1, |x|), where the device's exp() is as good as Vulkan asks.

#include "params/activation.h"
#include "include/erf.glsl"

float silu(float x)
{
    return x / (1.0 + exp(-x));
}

float gelu(float x)
{
    return 0.5 * x * erfc(-0.70710678 * x);
}

// x tanh(ln(1 + e^x)), the tanh written out. Beyond 20 it is 1 in fp32, and
// e^2x would overflow from 44 on.
float mish(float x)
{
    const float e = exp(min(x, 20.0));
    const float n = e * (e + 2.0);
    return x * (n / (n + 2.0));
}

float activate(float x, uint kind)
{
    switch (kind) {
    case ACTIVATION_SILU:
        return silu(x);
    case ACTIVATION_RELU:
        return x < 0.0 ? 0.0 : x;
    case ACTIVATION_GELU:
        return gelu(x);
    case ACTIVATION_MISH:
        return mish(x);
    default:
        return x;
    }
}
