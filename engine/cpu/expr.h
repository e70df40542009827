// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CPU_EXPR_H
#define SFM_CPU_EXPR_H

#include <stddef.h>

#include "plan/expr.h"

// out[i] = expr for `num_images` images of `image_size` elements each. in[slot]
// holds as many floats as `out`, or num_images where the slot is used PER_IMAGE.
// Each node is computed in fp32. `out` may be one of `in`.
void sfm_cpu_eval(const SfmExpr *expr, const float scalars[], const float *const in[],
                  size_t num_images, size_t image_size, float *out);

#endif
