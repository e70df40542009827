// SPDX-License-Identifier: GPL-3.0-or-later
//
// The kernels for GPUs agree with the C reference where they change their ways: at
// one pixel and at many, at channels that fill no quad, at groups that share one, at
// heads wider than a workgroup makes; and give the same bits for an image alone and for
// work that is submitted in parts. SFUMATO_KERNELS says which family.

#include <math.h>
#include <string.h>

#include "ops/attention.h"
#include "ops/depth_to_space.h"
#include "ops/group_norm.h"
#include "ops/scale_shift.h"
#include "ops/slice.h"
#include "ops/space_to_depth.h"
#include "support/vulkan.h"
#include "trial.h"
#include "vk/state.h"

static SfmRunner *runner;

// NULL: the family leaves the call to the plain shader.
static const SfmKernel *kernel_for(const SfmCall *call)
{
    const SfmKernel *kernel = sfm_target_choose(runner->target, call);
    return g_str_equal(kernel->name, call->op->name) ? NULL : kernel;
}

static void assert_same_alone(const Trial *t, const SfmKernel *kernel)
{
    Trial alone;
    if (!trial_alone(t, t->call.out[0].dim[0] - 1, &alone))
        return;
    trial_kernel(&alone, runner, kernel);
    trial_compare(&alone, kernel->name, 0);
    trial_clear(&alone);
}

// Submitted in as many parts as can be.
static void assert_same_in_parts(Trial *t, const SfmKernel *kernel)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);

    memcpy(t->want[0], t->got[0], sfm_shape_count(t->call.out[0]) * sizeof(float));
    vk->max_chunk = 1e-9; // every step is too long
    trial_kernel(t, runner, kernel);
    vk->max_chunk = 0;
    trial_compare(t, kernel->name, 0);
}

static void try_trial(Trial *t)
{
    const SfmKernel *kernel = kernel_for(&t->call);

    g_assert_nonnull(kernel);
    trial_reference(t);
    trial_kernel(t, runner, kernel);
    trial_compare_kernel(t, kernel);
    assert_same_alone(t, kernel);
    assert_same_in_parts(t, kernel);
}

static void try_call(const SfmCall *call, uint32_t seed, float offset)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    Trial t;

    g_assert_true(trial_init(&t, rand, call));
    for (size_t i = 0; i < sfm_shape_count(call->in[0]); i++)
        t.in[0][i] += offset;
    try_trial(&t);
    trial_clear(&t);
}

static void try_norm_about(float mean, uint32_t groups, uint32_t size, uint32_t height,
                           uint32_t width)
{
    const SfmGroupNorm norm = { .groups = groups, .eps = 1e-6f, .act = SFM_ACTIVATION_SILU };
    const SfmShape channels = SFM_SHAPE(1, groups * size, 1, 1);
    const SfmCall call = {
        .op = sfm_op_find("group_norm"),
        .attrs = &norm,
        .num_inputs = 3,
        .in = { SFM_SHAPE(2, groups * size, height, width), channels, channels },
    };
    try_call(&call, groups * size + height, mean);
}

// A few deviations off zero: of a mean that is further, halves would keep less.
static void try_norm(uint32_t groups, uint32_t size, uint32_t height, uint32_t width)
{
    try_norm_about(8, groups, size, height, width);
}

static void group_norm_of_one_pixel(void)
{
    try_norm(1, 5, 1, 1);
    try_norm(4, 2, 1, 1);
    try_norm(32, 8, 1, 1);
}

static void group_norm_of_groups_that_share_quads(void)
{
    try_norm(3, 1, 9, 7);
    try_norm(5, 2, 4, 6);
    try_norm(7, 3, 5, 5);
    try_norm(3, 6, 12, 3);
    try_norm(40, 1, 6, 6);
    try_norm(2, 66, 4, 3);
}

static void group_norm_of_one_wide_group(void)
{
    try_norm(1, 1030, 3, 3);
    try_norm(1, 18, 30, 31);
    try_norm(2, 1028, 2, 3);
}

// In two dispatches: more pixels than a workgroup would take of its channels.
static void group_norm_of_many_pixels(void)
{
    try_norm(32, 4, 24, 24);
    try_norm(8, 2, 70, 60);
    try_norm(3, 3, 61, 60);
    try_norm(1, 3, 130, 70);
    try_norm(16, 4, 150, 151); // runs of more than the fewest pixels
}

// 300 deviations off: the mean of the squares less the square of the mean would keep
// two digits of the variance.
static void group_norm_of_many_pixels_far_from_zero(void)
{
    if (g_str_equal(runner->target->name, "gpu"))
        g_test_skip("halves have no such numbers");
    else
        try_norm_about(300, 32, 4, 24, 24);
}

static void try_attention(uint32_t heads, uint32_t width, SfmShape queries, SfmShape keys)
{
    const SfmAttention attention = { .heads = heads };
    SfmCall call = {
        .op = sfm_op_find("attention"),
        .attrs = &attention,
        .num_inputs = 3,
        .in = { queries, keys, keys },
    };
    for (int i = 0; i < 3; i++)
        call.in[i].dim[1] = heads * width;
    try_call(&call, heads * width, 0);
}

static void attention_of_one_token(void)
{
    try_attention(1, 5, SFM_SHAPE(2, 0, 1, 1), SFM_SHAPE(2, 0, 1, 1));
    try_attention(3, 8, SFM_SHAPE(2, 0, 1, 1), SFM_SHAPE(2, 0, 7, 5));
    try_attention(2, 64, SFM_SHAPE(1, 0, 5, 7), SFM_SHAPE(1, 0, 1, 1));
}

// Each width of a head that has a shader of its own, those between, and the widest.
static void attention_of_heads_of_any_width(void)
{
    try_attention(4, 16, SFM_SHAPE(2, 0, 9, 9), SFM_SHAPE(2, 0, 9, 9));
    try_attention(2, 20, SFM_SHAPE(1, 0, 5, 5), SFM_SHAPE(1, 0, 3, 11));
    try_attention(2, 64, SFM_SHAPE(1, 0, 8, 8), SFM_SHAPE(1, 0, 8, 8));
    try_attention(1, 254, SFM_SHAPE(2, 0, 6, 6), SFM_SHAPE(2, 0, 6, 6));
    try_attention(1, 512, SFM_SHAPE(1, 0, 5, 5), SFM_SHAPE(1, 0, 7, 5));
    try_attention(1, 1030, SFM_SHAPE(1, 0, 3, 3), SFM_SHAPE(1, 0, 3, 3));
}

// Enough workgroups for those that take more queries each.
static void attention_of_many_queries(void)
{
    try_attention(8, 64, SFM_SHAPE(1, 0, 46, 45), SFM_SHAPE(1, 0, 1, 9));
    try_attention(4, 256, SFM_SHAPE(1, 0, 46, 45), SFM_SHAPE(1, 0, 1, 5));
}

// llvmpipe ends all loops of an invocation after 65535 turns together.
static void attention_of_many_keys(void)
{
    try_attention(1, 512, SFM_SHAPE(1, 0, 1, 1), SFM_SHAPE(1, 0, 128, 128));
}

// Tiles and blocks of keys that are whole, ragged and alone; an odd number of queries is
// stored one by one.
static void attention_of_ragged_tiles(void)
{
    try_attention(2, 16, SFM_SHAPE(2, 0, 4, 8), SFM_SHAPE(2, 0, 4, 8));
    try_attention(1, 36, SFM_SHAPE(2, 0, 3, 11), SFM_SHAPE(2, 0, 11, 3));
    try_attention(2, 12, SFM_SHAPE(1, 0, 2, 17), SFM_SHAPE(1, 0, 13, 5));
    try_attention(1, 16, SFM_SHAPE(1, 0, 9, 11), SFM_SHAPE(1, 0, 5, 8));
}

// Scores of more memory than a launch takes.
static void attention_in_several_passes(void)
{
    try_attention(1, 4, SFM_SHAPE(1, 0, 64, 50), SFM_SHAPE(1, 0, 64, 64));
}

// Scores of thousands: exp() of them would overflow, and all but one weight vanish.
static void attention_of_great_scores(void)
{
    const SfmAttention attention = { .heads = 1 };
    const SfmCall call = {
        .op = sfm_op_find("attention"),
        .attrs = &attention,
        .num_inputs = 3,
        .in = { SFM_SHAPE(1, 64, 4, 4), SFM_SHAPE(1, 64, 10, 10), SFM_SHAPE(1, 64, 10, 10) },
    };
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    Trial t;

    g_assert_true(trial_init(&t, rand, &call));
    for (size_t i = 0; i < sfm_shape_count(call.in[0]); i++) // in halves, as well
        t.in[0][i] = roundf(t.in[0][i]) * 1000;
    for (size_t i = 0; i < sfm_shape_count(call.in[1]); i++)
        t.in[1][i] = roundf(t.in[1][i]);
    try_trial(&t);
    trial_clear(&t);
}

static void try_map(const char *op, const void *attrs, SfmShape a, SfmShape b)
{
    const SfmCall call = {
        .op = sfm_op_find(op),
        .attrs = attrs,
        .num_inputs = b.dim[0] > 0 ? 2 : 1,
        .in = { a, b },
    };
    try_call(&call, a.dim[1], 0);
}

static const SfmShape none;

static void maps_of_channels_that_fill_no_quad(void)
{
    const SfmScaleShift silu = { SFM_ACTIVATION_SILU };

    for (uint32_t c = 1; c <= 9; c++) {
        const SfmSlice within = { c / 2, (c + 1) / 2 };
        try_map("concat", NULL, SFM_SHAPE(2, c, 3, 5), SFM_SHAPE(2, 10 - c, 3, 5));
        try_map("slice", &within, SFM_SHAPE(2, c, 5, 3), none);
        try_map("add_channels", NULL, SFM_SHAPE(2, c, 1, 7), SFM_SHAPE(2, c, 1, 1));
        try_map("scale_shift", &silu, SFM_SHAPE(2, c, 2, 1), SFM_SHAPE(2, 2 * c, 1, 1));
        try_map("upsample_nearest", NULL, SFM_SHAPE(2, c, 3, 1), none);
    }
}

static void squares_of_any_size_become_channels(void)
{
    for (uint32_t p = 1; p <= 5; p++) {
        const SfmSpaceToDepth to = { p };
        const SfmDepthToSpace from = { p };
        try_map("space_to_depth", &to, SFM_SHAPE(2, 3, 2 * p, 3 * p), none);
        try_map("depth_to_space", &from, SFM_SHAPE(2, 3 * p * p, 2, 3), none);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    runner = vulkan_runner();

#define TEST(name) g_test_add_func("/ops/agree_shapes/" #name, name)
    TEST(group_norm_of_one_pixel);
    TEST(group_norm_of_groups_that_share_quads);
    TEST(group_norm_of_one_wide_group);
    TEST(group_norm_of_many_pixels);
    TEST(group_norm_of_many_pixels_far_from_zero);
    TEST(attention_of_one_token);
    TEST(attention_of_heads_of_any_width);
    TEST(attention_of_many_queries);
    TEST(attention_of_many_keys);
    TEST(attention_of_ragged_tiles);
    TEST(attention_in_several_passes);
    TEST(attention_of_great_scores);
    TEST(maps_of_channels_that_fill_no_quad);
    TEST(squares_of_any_size_become_channels);
    const int result = g_test_run();
    sfm_runner_free(runner);
    return result;
}
