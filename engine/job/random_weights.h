// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_RANDOM_WEIGHTS_H
#define SFM_JOB_RANDOM_WEIGHTS_H

#include "tensor/shape.h"

// Fills a weight with numbers that depend on its name alone, of a spread that
// keeps activations near unit size: uniform within 1 / sqrt(inputs of a value);
// the gains of norms near 1.
void sfm_random_weight(const char *name, SfmShape shape, float *out);

#endif
