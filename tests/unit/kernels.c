// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lavapipe kernels as data: which one takes a call, how weights are packed,
// and that no launch is larger than devices grant. That they compute the right
// thing is tests/ops/agree's business.

#include <string.h>

#include "ops/attention.h"
#include "ops/conv2d.h"
#include "ops/group_norm.h"
#include "ops/norm_conv2d.h"
#include "vk/kernels/lavapipe/gemm.h"
#include "vk/kernels/lavapipe/kernels.h"
#include "vk/kernels/table.h"

static const SfmConv2d same3x3 = { .kernel = 3, .stride = 1, 1, 1, 1, 1 };
static const SfmConv2d half3x3 = { .kernel = 3, .stride = 2, 0, 0, 1, 1 };
static const SfmConv2d pointwise = { .kernel = 1, .stride = 1, 0, 0, 0, 0 };

static SfmCall conv(const SfmConv2d *attrs, uint32_t n, uint32_t c, uint32_t o, uint32_t side)
{
    SfmCall call = {
        .op = sfm_op_find("conv2d"),
        .attrs = attrs,
        .num_inputs = 3,
        .in = { SFM_SHAPE(n, c, side, side), SFM_SHAPE(o, c, attrs->kernel, attrs->kernel),
                SFM_SHAPE(1, o, 1, 1) },
    };
    g_assert_true(call.op->infer(&call, NULL));
    return call;
}

static const SfmVkKernel *choose(const SfmCall *call)
{
    for (int i = 0; sfm_vk_lavapipe_kernels[i]; i++) {
        const SfmKernel *k = &sfm_vk_lavapipe_kernels[i]->base;
        if (g_str_equal(k->op, call->op->name) && (!k->applies || k->applies(call)) &&
            (!k->pays || k->pays(call)))
            return sfm_vk_lavapipe_kernels[i];
    }
    return NULL;
}

static void assert_conv(const SfmConv2d *attrs, uint32_t c, uint32_t o, uint32_t side,
                        const char *name)
{
    const SfmCall call = conv(attrs, 1, c, o, side);
    g_autofree char *joint = g_strconcat(name, "_joint", NULL); // where threads are few
    const char *chosen = choose(&call)->base.name;
    g_assert_cmpstr(g_str_equal(chosen, joint) ? name : chosen, ==, name);
}

static void winograd_takes_large_maps_of_many_channels(void)
{
    assert_conv(&same3x3, 128, 128, 32, "lavapipe/winograd4");
    assert_conv(&same3x3, 512, 256, 16, "lavapipe/winograd4");
    assert_conv(&same3x3, 256, 256, 8, "lavapipe/winograd2");
    assert_conv(&same3x3, 96, 96, 8, "lavapipe/conv");   // too few to be worth it
    assert_conv(&same3x3, 48, 12, 32, "lavapipe/conv");  // likewise
    assert_conv(&same3x3, 256, 256, 4, "lavapipe/conv"); // one tile, seven idle lanes
    assert_conv(&same3x3, 3, 128, 32, "lavapipe/conv");  // transforms cost more than they save
    assert_conv(&same3x3, 128, 3, 32, "lavapipe/conv");
    assert_conv(&half3x3, 128, 128, 32, "lavapipe/conv");
    assert_conv(&pointwise, 128, 128, 32, "lavapipe/conv");
}

// At 16 x 16 a joint launch of 256 channels has four workgroups.
static void winograd_is_joint_where_each_thread_gets_two_workgroups(void)
{
    const SfmCall call = conv(&same3x3, 1, 256, 256, 16);
    g_autofree char *was = g_strdup(g_getenv("LP_NUM_THREADS"));

    g_setenv("LP_NUM_THREADS", "2", true);
    g_assert_cmpstr(choose(&call)->base.name, ==, "lavapipe/winograd4_joint");
    g_setenv("LP_NUM_THREADS", "3", true);
    g_assert_cmpstr(choose(&call)->base.name, ==, "lavapipe/winograd4");
    if (was)
        g_setenv("LP_NUM_THREADS", was, true);
    else
        g_unsetenv("LP_NUM_THREADS");
}

static SfmCall norm_conv(const SfmNormConv2d *attrs, uint32_t c, uint32_t side)
{
    SfmCall call = {
        .op = &sfm_op_norm_conv2d,
        .attrs = attrs,
        .num_inputs = 5,
        .in = { SFM_SHAPE(1, c, side, side), SFM_SHAPE(c, c, 3, 3), SFM_SHAPE(1, c, 1, 1),
                SFM_SHAPE(1, c, 1, 1), SFM_SHAPE(1, c, 1, 1) },
    };
    g_assert_true(call.op->infer(&call, NULL));
    return call;
}

// Of groups that fill texels, with SiLU, of maps that go through in one pass: of 64
// channels at 128 x 128 the spectra of 1024 tiles are 18 MiB, and a pass has 4.
static void winograd_takes_norms_of_whole_texels_on_maps_of_one_pass(void)
{
    const SfmNormConv2d silu = { same3x3, { 32, 1e-5f, SFM_ACTIVATION_SILU } };
    const SfmNormConv2d none = { same3x3, { 32, 1e-5f, SFM_ACTIVATION_NONE } };
    const SfmNormConv2d eight = { same3x3, { 8, 1e-5f, SFM_ACTIVATION_SILU } };
    bool (*const applies)(const SfmCall *) = sfm_vk_lavapipe_winograd4_norm.base.applies;
    const SfmCall texels = norm_conv(&silu, 128, 32), halves = norm_conv(&silu, 64, 32);
    const SfmCall plain = norm_conv(&none, 128, 32), large = norm_conv(&eight, 64, 128);
    const SfmCall small = norm_conv(&eight, 64, 32);

    g_assert_true(applies(&texels));
    g_assert_true(applies(&small));
    g_assert_false(applies(&halves));
    g_assert_false(applies(&plain));
    g_assert_false(applies(&large));
}

// Products of 128 channels at 32 x 32 are eight workgroups, enough for four threads. Four
// groups are enough for two.
static void winograd_takes_a_norm_where_each_thread_gets_two_groups(void)
{
    const SfmNormConv2d four = { same3x3, { 4, 1e-5f, SFM_ACTIVATION_SILU } };
    const SfmCall call = norm_conv(&four, 128, 32);
    bool (*const pays)(const SfmCall *) = sfm_vk_lavapipe_winograd4_norm.base.pays;
    g_autofree char *was = g_strdup(g_getenv("LP_NUM_THREADS"));

    g_setenv("LP_NUM_THREADS", "2", true);
    g_assert_true(pays(&call));
    g_setenv("LP_NUM_THREADS", "3", true);
    g_assert_false(pays(&call));
    if (was)
        g_setenv("LP_NUM_THREADS", was, true);
    else
        g_unsetenv("LP_NUM_THREADS");
}

// 36 x 1024 x 1024 floats are 144 MiB; lavapipe binds 128.
static void winograd_leaves_weights_that_cannot_be_bound(void)
{
    assert_conv(&same3x3, 512, 1024, 32, "lavapipe/winograd4");
    assert_conv(&same3x3, 1024, 1024, 32, "lavapipe/conv");
}

static void the_batch_changes_neither_kernel_nor_weights(void)
{
    for (uint32_t side = 1; side < 40; side++) {
        const SfmCall one = conv(&same3x3, 1, 64, 64, side), many = conv(&same3x3, 7, 64, 64, side);
        const SfmVkKernel *kernel = choose(&one);

        g_assert_true(choose(&many) == kernel);
        g_assert_cmpuint(kernel->packed_count(&one, 1), ==, kernel->packed_count(&many, 1));
    }
}

static void attention_and_concat_need_whole_texels(void)
{
    SfmAttention attrs = { .heads = 2 };
    SfmCall call = { .op = sfm_op_find("attention"), .attrs = &attrs, .num_inputs = 3 };
    for (int i = 0; i < 3; i++)
        call.in[i] = SFM_SHAPE(1, 12, 4, 4); // heads of 6 channels
    g_assert_true(call.op->infer(&call, NULL));
    g_assert_null(choose(&call));
    attrs.heads = 3; // of 4
    g_assert_nonnull(choose(&call));

    SfmCall concat = { .op = sfm_op_find("concat"), .num_inputs = 2 };
    concat.in[0] = concat.in[1] = SFM_SHAPE(1, 6, 4, 4);
    g_assert_true(concat.op->infer(&concat, NULL));
    g_assert_null(choose(&concat));
    concat.in[0].dim[1] = 8;
    g_assert_true(concat.op->infer(&concat, NULL));
    g_assert_nonnull(choose(&concat));
}

// Sixteen groups of 112 channels: four of 7, each over 2 or 3 planes of texels, which are
// 10, and 7 to write. At 248 x 248 a plane takes 3844 turns, 65348 in all; at 252 x 252
// 3969, and 67473: more than llvmpipe goes on for.
static void group_norm_leaves_maps_that_a_lane_does_not_get_to_the_end_of(void)
{
    const SfmGroupNorm norm = { .groups = 16, .eps = 1e-5f };
    const SfmShape channels = SFM_SHAPE(1, 112, 1, 1);
    SfmCall call = {
        .op = sfm_op_find("group_norm"),
        .attrs = &norm,
        .num_inputs = 3,
        .in = { SFM_SHAPE(1, 112, 248, 248), channels, channels },
    };

    g_assert_true(sfm_call_infer(&call, NULL));
    g_assert_nonnull(choose(&call));
    call.in[0] = SFM_SHAPE(1, 112, 252, 252);
    g_assert_true(sfm_call_infer(&call, NULL));
    g_assert_null(choose(&call));
}

// Output 33 is lane 1 of the second tile of 16 behind two full ones, channel 5
// the second of the second texel; 2 blocks and 9 taps before them.
static void a_weight_lies_where_its_lane_looks(void)
{
    const GemmTile sixteen = { .outputs = 16 };
    const size_t at = sfm_gemm_weight_at(&sixteen, 7, 9, 33, 5, 4);
    g_assert_cmpuint(at, ==, (((2 * 9 + 4) * 2 + 1) * 16 + 1) * 4 + 1);
}

// A tile that the outputs do not fill makes zeros for as long as it would take to
// make the rest.
static void a_tile_is_as_wide_as_the_outputs(void)
{
    g_assert_cmpstr(sfm_gemm_tile_for(1024, 128)->product[0], ==, "lavapipe/gemm_8x32");
    g_assert_cmpstr(sfm_gemm_tile_for(32, 128)->product[0], ==, "lavapipe/gemm_4x32");
    g_assert_cmpstr(sfm_gemm_tile_for(16, 256)->product[0], ==, "lavapipe/gemm_2x64");
    g_assert_cmpstr(sfm_gemm_tile_for(1024, 48)->product[0], ==, "lavapipe/gemm_8x16");
    g_assert_cmpstr(sfm_gemm_tile_for(1024, 3)->product[0], ==, "lavapipe/gemm_8x8");
}

// A store takes two pixels of one image: of 6 x 6 each has a neighbour, of 5 x 5 the
// last one has none.
static void pixels_are_stored_in_pairs_where_all_have_a_neighbour(void)
{
    SfmVkDispatch d[SFM_MAX_DISPATCHES];
    const SfmCall even = conv(&same3x3, 1, 7, 5, 6), odd = conv(&same3x3, 2, 7, 5, 5);

    sfm_vk_lavapipe_conv.dispatches(&even, d);
    g_assert_cmpstr(d[0].shader, ==, "lavapipe/conv_8x8_pairs");
    sfm_vk_lavapipe_conv.dispatches(&odd, d);
    g_assert_cmpstr(d[0].shader, ==, "lavapipe/conv_8x8");
}

static void packing_keeps_every_weight_and_fills_with_zeros(void)
{
    const SfmCall call = conv(&same3x3, 1, 7, 5, 6);
    const SfmVkKernel *kernel = &sfm_vk_lavapipe_conv;
    const size_t count = kernel->packed_count(&call, 1);
    float plain[5 * 7 * 9];
    g_autofree float *packed = g_new(float, count);

    const GemmTile *tile = sfm_gemm_tile_for(36, 5);
    g_assert_cmpuint(count, ==, 1 * 9 * 2 * 8 * 4); // tiles, taps, texels, outputs, channels
    for (int i = 0; i < 5 * 7 * 9; i++)
        plain[i] = (float)(i + 1);
    kernel->pack(&call, 1, plain, packed);

    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)packed[i];
    g_assert_cmpfloat(sum, ==, 315 * 316 / 2.0);
    for (uint32_t o = 0; o < 5; o++) {
        for (uint32_t c = 0; c < 7; c++)
            g_assert_cmpfloat(packed[sfm_gemm_weight_at(tile, 7, 9, o, c, 8)], ==,
                              plain[(o * 7 + c) * 9 + 8]);
    }
}

// G of F(2x2, 3x3) takes (1, 1, 1) to (1, 3/2, 1/2, 1); a filter of ones becomes
// the product of that with itself.
static void winograd_packs_transformed_filters(void)
{
    static const float one_way[4] = { 1, 1.5f, 0.5f, 1 };
    const SfmCall call = conv(&same3x3, 1, 16, 16, 8);
    const SfmVkKernel *kernel = &sfm_vk_lavapipe_winograd2;
    const size_t frequency = kernel->packed_count(&call, 1) / 16;
    g_autofree float *plain = g_new0(float, 16 * 16 * 9);
    g_autofree float *packed = g_new(float, frequency * 16);

    for (int i = 0; i < 9; i++)
        plain[(3 * 16 + 6) * 9 + i] = 1; // output 3, channel 6
    kernel->pack(&call, 1, plain, packed);
    const size_t at = sfm_gemm_weight_at(sfm_gemm_tile_for(16, 16), 16, 1, 3, 6, 0);
    for (size_t f = 0; f < 16; f++)
        g_assert_cmpfloat(packed[f * frequency + at], ==, one_way[f / 4] * one_way[f % 4]);
}

static void assert_launchable(const SfmCall *call)
{
    static SfmVkDispatch d[SFM_MAX_DISPATCHES];
    const int count = choose(call)->dispatches(call, d);

    g_assert_cmpint(count, <=, SFM_MAX_DISPATCHES);
    for (int i = 0; i < count; i++) {
        for (int k = 0; k < 3; k++) {
            g_assert_cmpuint(d[i].groups[k], >, 0);
            g_assert_cmpuint(d[i].groups[k], <=, 65535);
        }
    }
}

static void launches_stay_within_what_devices_grant(void)
{
    const SfmCall calls[] = {
        conv(&pointwise, 1, 3, 3, 2048), // more than 65535 groups of pixels
        conv(&same3x3, 1, 128, 128, 512),
        conv(&same3x3, 64, 64, 64, 64),
        conv(&same3x3, 5, 16, 8, 7),
    };
    for (size_t i = 0; i < G_N_ELEMENTS(calls); i++)
        assert_launchable(&calls[i]);
}

// Of sixteen images of 128 channels at 256 x 256 the spectra take 2.4 GB at once.
static void winograd_goes_in_passes_of_bounded_memory(void)
{
    const SfmCall call = conv(&same3x3, 16, 128, 128, 256);
    g_assert_cmpuint(choose(&call)->base.scratch(&call), <, (size_t)128 << 20);
}

// 48 x 48 filters are 0.3 MB, and 256 x 256 are 9.4: beside those, passes of the same
// size would be too small. Either's spectra take more than 16 MB at once.
static void a_pass_is_large_beside_the_weights_that_it_reads(void)
{
    const SfmCall few = conv(&same3x3, 16, 48, 48, 64), many = conv(&same3x3, 4, 256, 256, 32);

    g_assert_cmpuint(choose(&few)->base.scratch(&few), <, (size_t)5 << 20);
    g_assert_cmpuint(choose(&few)->base.scratch(&few), >, (size_t)3 << 20);
    g_assert_cmpuint(choose(&many)->base.scratch(&many), >, (size_t)16 << 20);
}

// Else a later pass would find the result of an earlier one in place of its input.
static void an_input_is_read_first_where_one_pass_does_all(void)
{
    const SfmCall one = conv(&same3x3, 1, 128, 128, 32), many = conv(&same3x3, 16, 128, 128, 256);

    assert_conv(&same3x3, 128, 128, 32, "lavapipe/winograd4");
    g_assert_cmpuint(choose(&one)->base.reads_first(&one), ==, 1);
    g_assert_cmpuint(choose(&many)->base.reads_first(&many), ==, 0);
}

// Eight heads over 64 x 64 pixels have 512 MiB of scores.
static void attention_goes_in_passes_of_bounded_memory(void)
{
    SfmAttention attrs = { .heads = 8 };
    SfmCall call = { .op = sfm_op_find("attention"), .attrs = &attrs, .num_inputs = 3 };
    for (int i = 0; i < 3; i++)
        call.in[i] = SFM_SHAPE(1, 256, 64, 64);
    g_assert_true(call.op->infer(&call, NULL));
    g_assert_cmpstr(choose(&call)->base.name, ==, "lavapipe/attention");
    g_assert_cmpuint(choose(&call)->base.scratch(&call), <, (size_t)128 << 20);
    assert_launchable(&call);
}

static void attention_is_one_launch(void)
{
    SfmAttention attrs = { .heads = 1 };
    SfmCall call = { .op = sfm_op_find("attention"), .attrs = &attrs, .num_inputs = 3 };
    for (int i = 0; i < 3; i++)
        call.in[i] = SFM_SHAPE(4, 256, 16, 16);
    g_assert_true(call.op->infer(&call, NULL));
    SfmVkDispatch d[SFM_MAX_DISPATCHES];
    g_assert_cmpint(choose(&call)->dispatches(&call, d), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

#define TEST(name) g_test_add_func("/kernels/" #name, name)
    TEST(winograd_takes_large_maps_of_many_channels);
    TEST(winograd_is_joint_where_each_thread_gets_two_workgroups);
    TEST(winograd_takes_norms_of_whole_texels_on_maps_of_one_pass);
    TEST(winograd_takes_a_norm_where_each_thread_gets_two_groups);
    TEST(winograd_leaves_weights_that_cannot_be_bound);
    TEST(the_batch_changes_neither_kernel_nor_weights);
    TEST(attention_and_concat_need_whole_texels);
    TEST(group_norm_leaves_maps_that_a_lane_does_not_get_to_the_end_of);
    TEST(a_tile_is_as_wide_as_the_outputs);
    TEST(pixels_are_stored_in_pairs_where_all_have_a_neighbour);
    TEST(a_weight_lies_where_its_lane_looks);
    TEST(packing_keeps_every_weight_and_fills_with_zeros);
    TEST(winograd_packs_transformed_filters);
    TEST(launches_stay_within_what_devices_grant);
    TEST(winograd_goes_in_passes_of_bounded_memory);
    TEST(a_pass_is_large_beside_the_weights_that_it_reads);
    TEST(an_input_is_read_first_where_one_pass_does_all);
    TEST(attention_is_one_launch);
    TEST(attention_goes_in_passes_of_bounded_memory);
    return g_test_run();
}
