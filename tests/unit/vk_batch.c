// SPDX-License-Identifier: GPL-3.0-or-later
//
// An image's bits do not depend on the batch that it is in, nor on its place there:
// a network that uses every kind of kernel, alone and as one of three.

#include <math.h>
#include <string.h>

#include "nets/unet.h"
#include "some_weights.h"
#include "support/vulkan.h"

#define HEIGHT 32
#define WIDTH  24 // tiles of 4 x 4 that fill no power of two
#define COUNT  (3 * HEIGHT * WIDTH)

static SfmRunner *runner;

static const SfmUnetConfig config = {
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
    .norm_groups = 8, // of 3, 4 and 6 channels: with and without shared texels
    .norm_eps = 1e-5,
    .mid_block_scale_factor = 1,
};

// The network's answer to `batch` images, image `which` of which is the one that
// is asked about.
static void predict(uint32_t batch, uint32_t which, float answer[COUNT])
{
    const SfmUnetSize size = { .batch = batch, .height = HEIGHT, .width = WIDTH, .patch = 1 };
    const SfmShape images = SFM_SHAPE(batch, 3, HEIGHT, WIDTH), times = SFM_SHAPE(batch, 1, 1, 1);
    g_autofree float *data = g_new(float, sfm_shape_count(images));
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    g_autoptr(GError) error = NULL;
    float time[3] = { 900, 800, 700 };

    for (size_t i = 0; i < sfm_shape_count(images); i++)
        data[i] = (float)g_rand_double_range(rand, -9, 9);
    for (size_t i = 0; i < COUNT; i++)
        data[which * COUNT + i] = (float)(i % 97) / 40.0f - 1.2f;
    time[which] = 500;

    g_autoptr(SfmGraph) graph = sfm_unet_build(&config, &size, &error);
    g_assert_no_error(error);
    g_autoptr(SfmPlan) plan = sfm_plan_new(graph, runner->target, &error);
    g_assert_no_error(error);
    SfmProgram *program = sfm_program_new(runner, plan, give_some_weights, NULL, &error);
    g_assert_no_error(error);
    SfmBuffer *in[] = { sfm_buffer_new(runner, images, NULL), sfm_buffer_new(runner, times, NULL) };
    SfmBuffer *out = sfm_buffer_new(runner, images, NULL);

    g_assert_true(sfm_buffer_write(runner, in[0], data, NULL));
    g_assert_true(sfm_buffer_write(runner, in[1], time, NULL));
    sfm_program_run(runner, program, &out, in, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(sfm_buffer_read(runner, out, data, NULL));
    memcpy(answer, data + which * COUNT, COUNT * sizeof(float));

    sfm_buffer_free(runner, in[0]);
    sfm_buffer_free(runner, in[1]);
    sfm_buffer_free(runner, out);
    sfm_program_free(runner, program);
}

static void an_image_is_the_same_in_any_batch(void)
{
    float alone[COUNT], first[COUNT], last[COUNT];

    predict(1, 0, alone);
    for (int i = 0; i < COUNT; i++)
        g_assert_true(isfinite(alone[i]));
    predict(3, 0, first);
    predict(3, 2, last);
    g_assert_cmpmem(alone, sizeof(alone), first, sizeof(first));
    g_assert_cmpmem(alone, sizeof(alone), last, sizeof(last));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    runner = vulkan_runner();
    g_test_add_func("/vk/batch/an_image_is_the_same_in_any_batch",
                    an_image_is_the_same_in_any_batch);
    const int result = g_test_run();
    sfm_runner_free(runner);
    return result;
}
