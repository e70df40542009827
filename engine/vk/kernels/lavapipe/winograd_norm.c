// SPDX-License-Identifier: GPL-3.0-or-later
//
// A group norm and Winograd's transform of what it makes in one launch, with the bits
// of two: shaders/kernels/lavapipe/winograd_norm.comp.

#include <glib.h>

#include "params/winograd_norm.h"
#include "vk/kernels/lavapipe/kernels.h"
#include "vk/kernels/lavapipe/winograd.h"

static const SfmGroupNorm *norm_of(const SfmCall *call)
{
    return &((const SfmNormConv2d *)call->attrs)->norm;
}

static const SfmConv2d *conv_attrs(const SfmCall *call)
{
    return &((const SfmNormConv2d *)call->attrs)->conv;
}

static uint32_t group_planes(const SfmCall *call)
{
    return call->in[0].dim[1] / norm_of(call)->groups / 4;
}

// Turns of the loop over a group's tiles, of eight lanes each of a tile at least.
static uint64_t transform_turns(const SfmCall *call, const WinogradTransform *t)
{
    return (uint64_t)group_planes(call) * (ceil_div(image_tiles(call->in[0], t->size), LANES) + 2);
}

// That group norm's kernel applies means that its turns are fewer than MAX_TURNS;
// half of that is what it may take of them here.
bool sfm_winograd_norm_applies(const SfmCall *call, const WinogradTransform *t)
{
    const SfmCall norm = sfm_norm_conv2d_norm(call);
    const uint32_t size = call->in[0].dim[1] / norm_of(call)->groups;
    const uint64_t turns = (uint64_t)group_planes(call) * (pixels_of(call->in[0]) / 8 + 4);

    return norm_of(call)->act == SFM_ACTIVATION_SILU && size % 4 == 0 &&
           !conv_attrs(call)->doubled && sfm_vk_lavapipe_group_norm.base.applies(&norm) &&
           turns + transform_turns(call, t) < MAX_TURNS;
}

// A launch has a workgroup for each group: it pays as long as each thread gets several.
bool sfm_winograd_norm_pays(const SfmCall *call)
{
    return norm_of(call)->groups >= 2 * sfm_winograd_num_threads();
}

// Of a workgroup: a plane, an even number of them.
static uint32_t own_stride(const SfmCall *call)
{
    return ceil_div(pixels_of(call->in[0]), 2) * 2;
}

size_t sfm_winograd_norm_size(const SfmCall *call, uint32_t images)
{
    return (size_t)images * norm_of(call)->groups * own_stride(call) * TEXEL_BYTES;
}

SfmVkDispatch sfm_winograd_norm(const SfmCall *call, const WinogradTransform *t,
                                const WinogradLayout *l, uint32_t first_tile, uint32_t tiles)
{
    const SfmConv2d *conv = conv_attrs(call);
    const SfmShape x = call->in[0];
    const uint32_t of_image = image_tiles(x, t->size), row_tiles = ceil_div(x.dim[3], t->size);
    const uint32_t images = tiles / of_image, groups = norm_of(call)->groups;
    const struct WinogradNormParams p = {
        .first_image = first_tile / of_image,
        .planes = quads_of(x),
        .group_planes = group_planes(call),
        .pixels = pixels_of(x),
        .own_stride = own_stride(call),
        .inverse_count = (float)(1.0 / ((double)x.dim[1] / groups * pixels_of(x))),
        .eps = norm_of(call)->eps,
        .tiles = tiles,
        .image_tiles = of_image,
        .row_tiles = row_tiles,
        .inverse_row_tiles = 1.0f / (float)row_tiles,
        .height = x.dim[2],
        .width = x.dim[3],
        .wrap_height = conv->wrap.y ? x.dim[2] : 0,
        .wrap_width = conv->wrap.x ? x.dim[3] : 0,
        .frequency_stride = (uint32_t)l->in_stride,
    };
    SfmVkDispatch d = dispatch(t->norm[row_tiles % 2 == 0], groups, images, 1, &p, sizeof(p));
    const size_t size = sfm_winograd_norm_size(call, images);

    bind(&d, SFM_BIND_INPUT, 0, true);
    bind(&d, SFM_BIND_INPUT, 3, true);
    bind(&d, SFM_BIND_INPUT, 4, true);
    bind_scratch(&d, l->in_size, size);
    d.binding[3].texel = false;
    bind_scratch(&d, l->in_size, size);
    bind_scratch(&d, 0, l->in_size);
    d.binding[5].texel = false;
    return d;
}
