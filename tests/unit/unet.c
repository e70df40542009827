// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the published networks are known for: how many parameters they have and
// what they cost. That their numbers are right is tests/fixtures/models.c's
// business.

#include "nets/unet.h"

#include "../support/cifar10.h"
#include "plan/plan.h"

static const SfmUnetSize native = { .batch = 1, .height = 32, .width = 32, .patch = 1 };

static uint64_t parameters(const SfmGraph *graph)
{
    uint64_t count = 0;
    for (SfmValue v = 1; v <= sfm_graph_num_values(graph); v++) {
        const SfmValueInfo *info = sfm_graph_value(graph, v);
        if (info->kind == SFM_VALUE_WEIGHT)
            count += sfm_shape_count(info->shape);
    }
    return count;
}

static double flop_of(const SfmGraph *graph, const char *op)
{
    double flop = 0;
    for (uint32_t i = 0; i < sfm_graph_num_nodes(graph); i++) {
        const SfmCall *call = &sfm_graph_node(graph, i)->call;
        if (g_str_equal(call->op->name, op))
            flop += sfm_call_cost(call).flop;
    }
    return flop;
}

static SfmGraph *build(const SfmUnetConfig *config, const SfmUnetSize *size)
{
    g_autoptr(GError) error = NULL;
    SfmGraph *graph = sfm_unet_build(config, size, &error);
    g_assert_no_error(error);
    return graph;
}

static void cifar10_has_35_746_307_parameters_and_costs_12_44_gflop(void)
{
    g_autoptr(SfmGraph) graph = build(&cifar10, &native);

    g_assert_cmpuint(parameters(graph), ==, 35746307);
    // Measured on the published network: 12.108 GFLOP in convolutions and
    // linear layers, 0.336 in attention.
    const double linear = flop_of(graph, "conv2d") + flop_of(graph, "linear");
    g_assert_cmpfloat_with_epsilon(linear / 1e9, 12.108, 0.001);
    g_assert_cmpfloat_with_epsilon(flop_of(graph, "attention") / 1e9, 0.336, 0.001);
}

static void ddpm_256_has_113_673_219_parameters(void)
{
    SfmUnetConfig config = cifar10;
    config.num_blocks = 6;
    const uint32_t channels[] = { 128, 128, 256, 256, 512, 512 };
    for (int i = 0; i < 6; i++) {
        config.block_channels[i] = channels[i];
        config.down_blocks[i] = i == 4 ? SFM_BLOCK_ATTN : SFM_BLOCK_PLAIN;
        config.up_blocks[i] = i == 1 ? SFM_BLOCK_ATTN : SFM_BLOCK_PLAIN;
    }
    const SfmUnetSize size = { .batch = 1, .height = 256, .width = 256, .patch = 1 };
    g_autoptr(SfmGraph) graph = build(&config, &size);

    g_assert_cmpuint(parameters(graph), ==, 113673219);
}

static void a_batch_costs_in_proportion_and_has_the_same_weights(void)
{
    SfmUnetSize four = native;
    four.batch = 4;
    g_autoptr(SfmGraph) one = build(&cifar10, &native), batch = build(&cifar10, &four);

    g_assert_cmpuint(parameters(batch), ==, parameters(one));
    g_assert_cmpfloat_with_epsilon(flop_of(batch, "conv2d"), 4 * flop_of(one, "conv2d"), 1);
}

static void a_patch_folds_the_image_around_the_network(void)
{
    SfmUnetConfig config = cifar10;
    config.in_channels = config.out_channels = 12;
    const SfmUnetSize size = { .batch = 2, .height = 64, .width = 96, .patch = 2 };
    g_autoptr(SfmGraph) graph = build(&config, &size);

    const SfmShape image = SFM_SHAPE(2, 3, 64, 96);
    g_assert_true(sfm_shape_equal(sfm_graph_shape(graph, sfm_graph_find(graph, "sample")), image));
    g_assert_true(sfm_shape_equal(sfm_graph_shape(graph, sfm_graph_output_at(graph, 0)), image));
    g_assert_true(sfm_shape_equal(sfm_graph_shape(graph, sfm_graph_find(graph, "conv_in")),
                                  SFM_SHAPE(2, 128, 32, 48)));
}

static void refuses(const SfmUnetConfig *config, const SfmUnetSize *size, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(sfm_unet_build(config, size, &error));
    g_assert_cmpstr(error->message, ==, why);
}

static void refuses_sizes_that_cannot_be_halved_so_often(void)
{
    const SfmUnetSize odd = { .batch = 1, .height = 32, .width = 36, .patch = 1 };
    const SfmUnetSize none = { .batch = 1, .height = 0, .width = 32, .patch = 1 };

    g_assert_cmpuint(sfm_unet_multiple(&cifar10, 2), ==, 16);
    refuses(&cifar10, &odd, "size 36 x 32: both must be multiples of 8 for this network");
    refuses(&cifar10, &none, "size 1 x 32 x 0 has a zero");
}

static void names_the_layer_that_does_not_fit(void)
{
    SfmUnetConfig config = cifar10;
    config.norm_groups = 48;

    refuses(&config, &native, "down_blocks.0.resnets.0.norm1: group_norm: 128 channels, 48 groups");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

#define TEST(name) g_test_add_func("/nets/unet/" #name, name)
    TEST(cifar10_has_35_746_307_parameters_and_costs_12_44_gflop);
    TEST(ddpm_256_has_113_673_219_parameters);
    TEST(a_batch_costs_in_proportion_and_has_the_same_weights);
    TEST(a_patch_folds_the_image_around_the_network);
    TEST(refuses_sizes_that_cannot_be_halved_so_often);
    TEST(names_the_layer_that_does_not_fit);
    return g_test_run();
}
