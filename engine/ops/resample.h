// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_OPS_RESAMPLE_H
#define SFM_OPS_RESAMPLE_H

#include "graph/op.h"
#include "ops/wrap.h"

// What the ops share that halve or double maps of pixels, each plane by itself:
// all of it but the value of a pixel. Attributes: those that look beyond the edge
// have an SfmWrap, the others none.

// infer(): x [N, C, H, W], H and W even -> y [N, C, H / 2, W / 2].
bool sfm_resample_infer_half(SfmCall *call, GError **error);

// infer(): x [N, C, H, W] -> y [N, C, 2 H, 2 W].
bool sfm_resample_infer_double(SfmCall *call, GError **error);

// A plane of x. Signed, so that a filter may look outside.
typedef struct {
    int64_t height, width; // in pixels
    SfmWrap wrap;
} SfmResampleMap;

// The value of y at row v, column u of a plane, from the same plane of x.
typedef double (*SfmResamplePixel)(const float *x, const SfmResampleMap *map, int64_t v, int64_t u);

// For reference(): `pixel` at each pixel of each plane.
void sfm_resample_planes(const SfmCall *call, float *y, const float *x, SfmResamplePixel pixel);

// sample(): of maps that can be halved, and of those that can be doubled.
void sfm_resample_sample_half(GRand *rand, SfmCall *call, void *attrs);
void sfm_resample_sample_double(GRand *rand, SfmCall *call, void *attrs);

#endif
