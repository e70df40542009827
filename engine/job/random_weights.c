// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/random_weights.h"

#include <math.h>

#include <glib.h>

// splitmix64 (Steele, Lea & Flood 2014).
static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

// Uniform in -1 .. 1.
static double uniform(uint64_t *state)
{
    return (double)(next(state) >> 11) * 0x1p-52 - 1.0;
}

void sfm_random_weight(const char *name, SfmShape shape, float *out)
{
    const size_t count = sfm_shape_count(shape);
    const bool norm = g_strrstr(name, "norm") && g_str_has_suffix(name, ".weight");
    const bool vector = shape.dim[0] == 1; // a bias or a norm
    const double inputs = vector ? 100.0 : (double)shape.dim[1] * shape.dim[2] * shape.dim[3];
    const double spread = 1.0 / sqrt(inputs);
    uint64_t state = g_str_hash(name);

    for (size_t i = 0; i < count; i++)
        out[i] = (float)((norm ? 1.0 : 0.0) + spread * uniform(&state));
}
