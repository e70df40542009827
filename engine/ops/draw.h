// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_DRAW_H
#define SFM_OPS_DRAW_H

#include "graph/op.h"
#include "ops/wrap.h"

// What sample() and fill() draw most often.

// Each dimension from 1 to that of `most`.
SfmShape sfm_draw_shape(GRand *rand, SfmShape most);

// Each axis wraps once in two draws.
SfmWrap sfm_draw_wrap(GRand *rand);

// Fills input `i` with values spread evenly over low .. high.
void sfm_draw_uniform(GRand *rand, const SfmCall *call, int i, double low, double high,
                      float *data);

// Once in `times` calls, makes one value of input `i` NaN.
void sfm_draw_nan(GRand *rand, const SfmCall *call, int i, int times, float *data);

#endif
