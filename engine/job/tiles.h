// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_TILES_H
#define SFM_JOB_TILES_H

#include "job/network.h"

// A picture too large for a network, shown to it in overlapping tiles. x stays
// whole: what is blended is the network's answer at each level, so that noise,
// sampler and picture know nothing of tiles.
typedef struct SfmTiles SfmTiles;

// Where the tiles of one axis begin, and what each counts at each of its points.
typedef struct {
    uint32_t num;
    uint32_t size;   // of the axis, in pixels
    uint32_t tile;   // the side of each, in pixels
    uint32_t *start; // [num], rising; the first is 0, the last ends at the end, or, on an axis
                     // that wraps, at the beginning of the first or beyond; owned
    float *window;   // [num, tile]: smooth, and at each pixel the sum over all tiles is 1; owned
} SfmTiling;

// Tiles over `size` pixels, which is at least `tile`; neighbours share at least
// `overlap`, which is less than `tile`. Starts are multiples of `multiple`, as
// `tile` and `size` are, so that a network's strides fall alike in all. Where the axis
// `wraps`, `tile` is less than `size`.
void sfm_tiling_init(SfmTiling *tiling, uint32_t size, uint32_t tile, uint32_t overlap,
                     uint32_t multiple, bool wraps);

// A zeroed struct is a no-op.
void sfm_tiling_clear(SfmTiling *tiling);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmTiling, sfm_tiling_clear)

typedef struct {
    SfmRunner *runner;   // borrowed, as is the next; both outlive the tiles
    SfmNetwork *network; // prepared for `size`
    SfmUnetSize size;    // of a tile; batch: tiles at once
    uint32_t overlap, multiple;
    SfmWrap wrap;          // axes of x that wrap and along which there are several tiles
    SfmShape shape;        // of x: [N, C, H, W]
    uint32_t out_channels; // of the network
    bool has_classes;
} SfmTilesParams;

// NULL, with `error` set: no memory. `params` is copied.
SfmTiles *sfm_tiles_new(const SfmTilesParams *params, GError **error);

// NULL is a no-op.
void sfm_tiles_free(SfmTiles *tiles);

// As sfm_network_run(), for buffers of x's size; one condition and one label hold
// for all images.
bool sfm_tiles_run(SfmTiles *tiles, SfmBuffer *sample, SfmBuffer *condition, SfmBuffer *labels,
                   SfmBuffer *out, const SfmRunOptions *options, GError **error);

#endif
