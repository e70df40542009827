// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_KERNELS_LAVAPIPE_WINOGRAD_H
#define SFM_VK_KERNELS_LAVAPIPE_WINOGRAD_H

#include "ops/norm_conv2d.h"
#include "params/winograd.h"
#include "vk/kernels/lavapipe/gemm.h"

// What winograd.c, which has the kernels, and winograd_joint.c share.
#define WINOGRAD_MAX_SPAN 6
#define NUM_JOINT_TILES   3

// F(size x size, 3x3). Of two shaders the second stores two pixels, or tiles, at once.
typedef struct {
    uint32_t size, span; // of a tile's output and input, in pixels
    const char *in[2], *out[2];
    const char *residual[2];             // out, with an addend as large as y
    const char *norm[2];                 // group norm and in
    const GemmTile *joint;               // [NUM_JOINT_TILES] variants of the joint shader
    double filter[WINOGRAD_MAX_SPAN][3]; // G
} WinogradTransform;

// Where the spectra lie in scratch: the input's, [span * span][C / 4][pass_tiles], then
// the products.
typedef struct {
    uint32_t pass_tiles, num_passes;
    size_t in_stride, out_stride; // texels from one frequency to the next
    size_t in_size, out_size;     // bytes; the latter may hold normalised planes before
} WinogradLayout;

// The tiles of `size` that cover an image of [N, C, H, W].
static inline uint32_t image_tiles(SfmShape map, uint32_t size)
{
    return ceil_div(map.dim[2], size) * ceil_div(map.dim[3], size);
}

// What all shaders are told of the map [N, C, H, W] that they cut into tiles, and of the
// `tiles` of them, from first_tile on, that a pass has.
struct WinogradParams sfm_winograd_tiling(const WinogradTransform *t, SfmShape map,
                                          uint32_t first_tile, uint32_t tiles, size_t stride);

// ---- products and the transform back in one launch: winograd_joint.c ----------

extern const GemmTile sfm_winograd4_joint_tiles[NUM_JOINT_TILES];
extern const GemmTile sfm_winograd2_joint_tiles[NUM_JOINT_TILES];

// The threads that llvmpipe has, which no query of Vulkan tells.
uint32_t sfm_winograd_num_threads(void);

// The variant that makes an image of y in the least time.
const GemmTile *sfm_winograd_joint_tile(const WinogradTransform *t, SfmShape y);

// Whether a launch can end (applies), and whether it shares its work well among the
// threads (pays).
bool sfm_winograd_joint_applies(const SfmCall *call, const WinogradTransform *t);
bool sfm_winograd_joint_pays(const SfmCall *call, const WinogradTransform *t);

// Bytes of the products of a pass of so many tiles.
size_t sfm_winograd_joint_size(const WinogradTransform *t, SfmShape y, uint32_t pass_tiles);

// The launch, all bindings included.
SfmVkDispatch sfm_winograd_joint(const SfmCall *call, const WinogradTransform *t,
                                 const WinogradLayout *l, uint32_t first_tile, uint32_t tiles);

// ---- a group norm and the transform in one launch: winograd_norm.c -------------

// Of a call of norm_conv2d. As above.
bool sfm_winograd_norm_applies(const SfmCall *call, const WinogradTransform *t);
bool sfm_winograd_norm_pays(const SfmCall *call);

// Bytes of what it normalises, of so many images.
size_t sfm_winograd_norm_size(const SfmCall *call, uint32_t images);

// The launch, all bindings included. The pass has whole images.
SfmVkDispatch sfm_winograd_norm(const SfmCall *call, const WinogradTransform *t,
                                const WinogradLayout *l, uint32_t first_tile, uint32_t tiles);

#endif
