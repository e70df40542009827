// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/spacing.h"

#include <math.h>
#include <string.h>

#include <glib.h>

// Every floor(T / N)th, from the first.
static void space_leading(size_t num_train, int offset, size_t num_steps, size_t timesteps[])
{
    const size_t stride = num_train / num_steps;
    const size_t room = num_train - 1 - (num_steps - 1) * stride;
    const size_t first = MIN((size_t)MAX(offset, 0), room);
    for (size_t i = 0; i < num_steps; i++)
        timesteps[i] = (num_steps - 1 - i) * stride + first;
}

// Evenly from the first to the last, both included; halves to even. A single
// step is the first, as published.
static void space_evenly(size_t num_train, size_t num_steps, size_t timesteps[])
{
    const double gap = num_steps > 1 ? (double)(num_train - 1) / (double)(num_steps - 1) : 0;
    for (size_t i = 0; i < num_steps; i++)
        timesteps[i] = (size_t)nearbyint((double)(num_steps - 1 - i) * gap);
}

// Every (T / N)th, from the last; halves to even. Published code may add one
// more by rounding (N = 61 of T = 1000); here there are N.
static void space_trailing(size_t num_train, size_t num_steps, size_t timesteps[])
{
    const double stride = (double)num_train / (double)num_steps;
    for (size_t i = 0; i < num_steps; i++)
        timesteps[i] = (size_t)nearbyint((double)num_train - (double)i * stride) - 1;
}

void sfm_spacing(const char *name, size_t num_train, int offset, size_t num_steps,
                 size_t timesteps[])
{
    if (strcmp(name, "linspace") == 0)
        space_evenly(num_train, num_steps, timesteps);
    else if (strcmp(name, "trailing") == 0)
        space_trailing(num_train, num_steps, timesteps);
    else
        space_leading(num_train, offset, num_steps, timesteps);
}
