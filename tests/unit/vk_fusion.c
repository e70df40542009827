// SPDX-License-Identifier: GPL-3.0-or-later
//
// A network has the same bits whether its plan fuses calls or runs them one by one
// as the graph has them: by the references, by the plain shaders, and by the
// kernels of the device.

#include <math.h>

#include "cpu/runner.h"
#include "nets/unet.h"
#include "support/vulkan.h"

#define BATCH 2
#define SIDE  16
#define COUNT (BATCH * 3 * SIDE * SIDE)

// Convolutions by Winograd and by products, residuals as they are and projected,
// attention, sizes changed by convolutions and by residual blocks.
static const SfmUnetConfig ho = {
    .in_channels = 3,
    .out_channels = 3,
    .num_blocks = 3,
    .down_blocks = { SFM_BLOCK_PLAIN, SFM_BLOCK_ATTN, SFM_BLOCK_RESNET },
    .up_blocks = { SFM_BLOCK_RESNET, SFM_BLOCK_ATTN, SFM_BLOCK_PLAIN },
    .block_channels = { 24, 32, 48 },
    .layers_per_block = 1,
    .mid_block = true,
    .add_attention = true,
    .attention_head_dim = 8,
    .norm_groups = 8,
    .norm_eps = 1e-5,
    .mid_block_scale_factor = 1,
    .class_embedding = SFM_CLASS_TABLE,
    .num_class_embeds = 4,
};

// As NCSN++: sums divided by the square root of two, an image beside the features.
static const SfmUnetConfig song = {
    .in_channels = 3,
    .out_channels = 3,
    .num_blocks = 2,
    .down_blocks = { SFM_BLOCK_SKIP, SFM_BLOCK_ATTN_SKIP },
    .up_blocks = { SFM_BLOCK_ATTN_SKIP, SFM_BLOCK_SKIP },
    .block_channels = { 32, 32 },
    .layers_per_block = 1,
    .mid_block = true,
    .add_attention = true,
    .norm_eps = 1e-6,
    .mid_block_scale_factor = G_SQRT2,
    .time_embedding = SFM_TIME_FOURIER,
};

static bool give(void *user_data, const char *name, SfmShape s, float *out, GError **error)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(g_str_hash(name));
    for (size_t i = 0; i < sfm_shape_count(s); i++)
        out[i] = (float)g_rand_double_range(rand, -0.2, 0.2);
    return true;
}

static SfmBuffer *input_buffer(SfmRunner *runner, SfmShape shape, double step)
{
    const size_t count = sfm_shape_count(shape);
    g_autofree float *data = g_new(float, count);
    for (size_t i = 0; i < count; i++)
        data[i] = count > BATCH ? (float)(2 * sin((double)i)) : (float)(step * (double)(i + 1));

    SfmBuffer *buffer = sfm_buffer_new(runner, shape, NULL);
    g_assert_true(sfm_buffer_write(runner, buffer, data, NULL));
    return buffer;
}

static void run(SfmRunner *runner, const SfmPlan *plan, float answer[COUNT])
{
    g_autoptr(GError) error = NULL;
    SfmProgram *program = sfm_program_new(runner, plan, give, NULL, &error);
    g_assert_no_error(error);
    SfmBuffer *in[3] = { 0 }, *out = sfm_buffer_new(runner, SFM_SHAPE(BATCH, 3, SIDE, SIDE), NULL);

    for (uint32_t i = 0; i < sfm_plan_num_inputs(plan); i++)
        in[i] = input_buffer(runner, sfm_plan_tensor(plan, sfm_plan_input(plan, i))->shape, i);
    sfm_program_run(runner, program, &out, in, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(sfm_buffer_read(runner, out, answer, NULL));

    for (uint32_t i = 0; i < sfm_plan_num_inputs(plan); i++)
        sfm_buffer_free(runner, in[i]);
    sfm_buffer_free(runner, out);
    sfm_program_free(runner, program);
}

// Returns how many steps the plan has.
static uint32_t answer_of(SfmRunner *runner, const SfmUnetConfig *config, bool as_built,
                          float answer[COUNT])
{
    const SfmUnetSize size = { .batch = BATCH, .height = SIDE, .width = SIDE, .patch = 1 };
    g_autoptr(GError) error = NULL;
    SfmTarget target = *runner->target;
    target.as_built = as_built;

    g_autoptr(SfmGraph) graph = sfm_unet_build(config, &size, &error);
    g_assert_no_error(error);
    g_autoptr(SfmPlan) plan = sfm_plan_new(graph, &target, &error);
    g_assert_no_error(error);
    run(runner, plan, answer);
    return sfm_plan_num_steps(plan);
}

static void compare(SfmRunner *runner, const SfmUnetConfig *config)
{
    g_autofree float *fused = g_new(float, COUNT), *as_built = g_new(float, COUNT);
    const uint32_t few = answer_of(runner, config, false, fused);
    const uint32_t many = answer_of(runner, config, true, as_built);

    g_assert_cmpuint(few, <, many);
    for (int i = 0; i < COUNT; i++)
        g_assert_true(isfinite(fused[i]));
    g_assert_cmpmem(fused, COUNT * sizeof(float), as_built, COUNT * sizeof(float));
}

static void compare_both(SfmRunner *runner)
{
    compare(runner, &ho);
    compare(runner, &song);
    sfm_runner_free(runner);
}

static void references_give_the_same_bits(void)
{
    compare_both(sfm_cpu_runner_new());
}

static void compare_with_family(const char *family)
{
    g_setenv("SFUMATO_KERNELS", family, TRUE);
    SfmRunner *runner = vulkan_runner();
    g_unsetenv("SFUMATO_KERNELS");
    compare_both(runner);
}

static void plain_shaders_give_the_same_bits(void)
{
    compare_with_family("plain");
}

// On halves they do not: what is fused is not rounded in between.
static void kernels_for_gpus_give_the_same_bits(void)
{
    compare_with_family("gpu-fp32");
}

static void kernels_give_the_same_bits(void)
{
    compare_both(vulkan_runner());
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

#define TEST(name) g_test_add_func("/vk/fusion/" #name, name)
    TEST(references_give_the_same_bits);
    TEST(plain_shaders_give_the_same_bits);
    TEST(kernels_for_gpus_give_the_same_bits);
    TEST(kernels_give_the_same_bits);
    return g_test_run();
}
