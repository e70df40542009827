// SPDX-License-Identifier: GPL-3.0-or-later
//
// Winograd's products and the transform back in one launch, with the bits of two:
// shaders/kernels/lavapipe/winograd_joint.comp.

#include <glib.h>

#include "params/winograd_joint.h"
#include "vk/kernels/lavapipe/winograd.h"

// As gemm.c's, whose costs they have. 8x32 would be too few workgroups: 4 of 128
// channels at 32 x 32.
const GemmTile sfm_winograd4_joint_tiles[NUM_JOINT_TILES] = {
    { { "lavapipe/winograd4_joint_4x32", "lavapipe/winograd4_joint_4x32_pairs" },
      { NULL },
      4,
      32,
      0.86 },
    { { "lavapipe/winograd4_joint_2x64", "lavapipe/winograd4_joint_2x64_pairs" },
      { NULL },
      2,
      64,
      0.92 },
    { { "lavapipe/winograd4_joint_4x16", "lavapipe/winograd4_joint_4x16_pairs" },
      { NULL },
      4,
      16,
      0.97 },
};
const GemmTile sfm_winograd2_joint_tiles[NUM_JOINT_TILES] = {
    { { "lavapipe/winograd2_joint_4x32", "lavapipe/winograd2_joint_4x32_pairs" },
      { NULL },
      4,
      32,
      0.86 },
    { { "lavapipe/winograd2_joint_2x64", "lavapipe/winograd2_joint_2x64_pairs" },
      { NULL },
      2,
      64,
      0.92 },
    { { "lavapipe/winograd2_joint_4x16", "lavapipe/winograd2_joint_4x16_pairs" },
      { NULL },
      4,
      16,
      0.97 },
};

const GemmTile *sfm_winograd_joint_tile(const WinogradTransform *t, SfmShape y)
{
    const uint32_t tiles = image_tiles(y, t->size);
    const GemmTile *best = &t->joint[0];

    for (int i = 1; i < NUM_JOINT_TILES; i++) {
        if (sfm_gemm_cost(&t->joint[i], tiles, y.dim[1]) < sfm_gemm_cost(best, tiles, y.dim[1]))
            best = &t->joint[i];
    }
    return best;
}

bool sfm_winograd_joint_applies(const SfmCall *call, const WinogradTransform *t)
{
    // A turn for each texel of input at each frequency, one for each frequency, and the
    // transform back has 36 at most: fewer than three of each.
    return (uint64_t)(quads_of(call->in[0]) + 4) * t->span * t->span < MAX_TURNS;
}

uint32_t sfm_winograd_num_threads(void)
{
    const char *wanted = g_getenv("LP_NUM_THREADS");
    const guint64 threads = wanted ? g_ascii_strtoull(wanted, NULL, 10) : g_get_num_processors();
    return (uint32_t)CLAMP(threads, 1, 64);
}

static uint32_t num_groups(const GemmTile *tile, uint32_t tiles, SfmShape y)
{
    return ceil_div(tiles, tile->vectors * LANES) * ceil_div(y.dim[1], tile->outputs);
}

// A joint launch has a workgroup where its products alone have one for each frequency:
// it pays as long as each thread gets several. No other choice depends on the threads; this
// one may, since both ways give the same bits, which tests/ops/agree.c holds them to.
bool sfm_winograd_joint_pays(const SfmCall *call, const WinogradTransform *t)
{
    const SfmShape y = call->out[0];
    const GemmTile *tile = sfm_winograd_joint_tile(t, y);
    return num_groups(tile, image_tiles(y, t->size), y) >= 2 * sfm_winograd_num_threads();
}

size_t sfm_winograd_joint_size(const WinogradTransform *t, SfmShape y, uint32_t pass_tiles)
{
    const GemmTile *tile = sfm_winograd_joint_tile(t, y);
    // The shader's FREQUENCY: what one workgroup makes, and a line more.
    const size_t frequency = tile->outputs / 4 * tile->vectors * LANES + 4;
    return num_groups(tile, pass_tiles, y) * frequency * t->span * t->span * TEXEL_BYTES;
}

SfmVkDispatch sfm_winograd_joint(const SfmCall *call, const WinogradTransform *t,
                                 const WinogradLayout *l, uint32_t first_tile, uint32_t tiles)
{
    const SfmConv2d *a = call->attrs;
    const SfmShape x = call->in[0], y = call->out[0];
    const GemmTile *tile = sfm_winograd_joint_tile(t, y);
    const bool addend = call->num_inputs > 3;
    const struct WinogradParams map = sfm_winograd_tiling(t, y, first_tile, tiles, l->in_stride);
    const struct WinogradJointParams p = {
        .first_tile = first_tile,
        .tiles = tiles,
        .image_tiles = map.image_tiles,
        .row_tiles = map.row_tiles,
        .inverse_image_tiles = map.inverse_image_tiles,
        .inverse_row_tiles = map.inverse_row_tiles,
        .planes = map.planes,
        .height = map.height,
        .width = map.width,
        .frequency_stride = map.frequency_stride,
        .addend_image = addend ? quads_of(y) * pixels_of(call->in[3]) : 0,
        .addend_plane = addend ? pixels_of(call->in[3]) : 0,
        .scale = addend ? a->scale : 1,
        .quads = quads_of(x),
        .weight_frequency = (uint32_t)(sfm_gemm_weight_count(tile, y.dim[1], x.dim[1], 1) / 4),
        .weight_tile = quads_of(x) * tile->outputs,
    };
    SfmVkDispatch d =
        dispatch(tile->product[y.dim[3] % 2 == 0], ceil_div(tiles, tile->vectors * LANES),
                 ceil_div(y.dim[1], tile->outputs), 1, &p, sizeof(p));
    bind_scratch(&d, 0, l->in_size);
    bind(&d, SFM_BIND_INPUT, 1, true);
    bind(&d, SFM_BIND_INPUT, 2, true);
    bind(&d, SFM_BIND_INPUT, addend ? 3 : 2, true); // without one, any
    bind(&d, SFM_BIND_OUTPUT, 0, false);
    bind_scratch(&d, l->in_size, l->out_size);
    d.binding[5].texel = false;
    bind_scratch(&d, l->in_size, l->out_size);
    return d;
}
