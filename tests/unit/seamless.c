// SPDX-License-Identifier: GPL-3.0-or-later
//
// Without edges no place is special: a picture rolled round gives the same answer,
// rolled. Networks that look beyond the edge in every way there is, on the
// reference and on the device; then a whole job.

#include <sfumato/engine.h>

#include <math.h>
#include <string.h>

#include "cpu/runner.h"
#include "nets/unet.h"
#include "some_weights.h"
#include "support/vulkan.h"

enum { HEIGHT = 16, WIDTH = 48, COUNT = 3 * HEIGHT * WIDTH };

static SfmRunner *vulkan, *reference;

static const SfmUnetConfig plain = {
    .in_channels = 12,
    .out_channels = 12,
    .num_blocks = 3,
    .down_blocks = { SFM_BLOCK_PLAIN, SFM_BLOCK_RESNET, SFM_BLOCK_ATTN },
    .up_blocks = { SFM_BLOCK_ATTN, SFM_BLOCK_RESNET, SFM_BLOCK_PLAIN },
    .block_channels = { 16, 24, 32 },
    .layers_per_block = 1,
    .mid_block = true,
    .attention_head_dim = 8,
    .norm_groups = 8,
    .norm_eps = 1e-5,
    .downsample_padding = 1,
    .mid_block_scale_factor = 1,
};

static const SfmUnetConfig with_fir = {
    .in_channels = 3,
    .out_channels = 3,
    .num_blocks = 2,
    .down_blocks = { SFM_BLOCK_SKIP, SFM_BLOCK_SKIP },
    .up_blocks = { SFM_BLOCK_SKIP, SFM_BLOCK_SKIP },
    .block_channels = { 16, 32 },
    .layers_per_block = 1,
    .mid_block = true,
    .attention_head_dim = 8,
    .norm_groups = 8,
    .norm_eps = 1e-5,
    .mid_block_scale_factor = 1,
};

// The network's answer to `x`.
static void predict(SfmRunner *runner, const SfmUnetConfig *config, uint32_t patch, SfmWrap wrap,
                    const float x[COUNT], float answer[COUNT])
{
    const SfmUnetSize size = { 1, HEIGHT, WIDTH, patch, wrap };
    const SfmShape image = SFM_SHAPE(1, 3, HEIGHT, WIDTH);
    const float time = 500;
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmGraph) graph = sfm_unet_build(config, &size, &error);
    g_assert_no_error(error);
    g_autoptr(SfmPlan) plan = sfm_plan_new(graph, runner->target, &error);
    g_assert_no_error(error);
    SfmProgram *program = sfm_program_new(runner, plan, give_some_weights, NULL, &error);
    g_assert_no_error(error);
    SfmBuffer *in[] = { sfm_buffer_new(runner, image, NULL),
                        sfm_buffer_new(runner, SFM_SHAPE(1, 1, 1, 1), NULL) };
    SfmBuffer *out = sfm_buffer_new(runner, image, NULL);

    g_assert_true(sfm_buffer_write(runner, in[0], x, NULL));
    g_assert_true(sfm_buffer_write(runner, in[1], &time, NULL));
    sfm_program_run(runner, program, &out, in, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(sfm_buffer_read(runner, out, answer, NULL));
    sfm_buffer_free(runner, in[0]);
    sfm_buffer_free(runner, in[1]);
    sfm_buffer_free(runner, out);
    sfm_program_free(runner, program);
}

// to(y + down, x + across) = from(y, x), round both ways.
static void roll(const float *from, int down, int across, float *to)
{
    for (int i = 0; i < COUNT; i++) {
        const int plane = i / (HEIGHT * WIDTH), y = i / WIDTH % HEIGHT, x = i % WIDTH;
        to[(plane * HEIGHT + (y + down) % HEIGHT) * WIDTH + (x + across) % WIDTH] = from[i];
    }
}

// How far the answer to the rolled picture is from the rolled answer.
static double difference(SfmRunner *runner, const SfmUnetConfig *config, uint32_t patch,
                         SfmWrap wrap, int down, int across)
{
    float x[COUNT], rolled[COUNT], answer[COUNT], want[COUNT], got[COUNT];
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    double most = 0.0;

    for (int i = 0; i < COUNT; i++)
        x[i] = (float)g_rand_double_range(rand, -1, 1);
    roll(x, down, across, rolled);
    predict(runner, config, patch, wrap, x, answer);
    predict(runner, config, patch, wrap, rolled, got);
    roll(answer, down, across, want);
    for (int i = 0; i < COUNT; i++)
        most = fmax(most, fabs((double)got[i] - (double)want[i]));
    return most;
}

// Sums over all pixels, of norms and attention, are taken in another order.
static void rolls(const SfmUnetConfig *config, uint32_t patch, int multiple)
{
    const SfmWrap both = { true, true }, across = { .x = true }, down = { .y = true };
    const double own = 1e-5, kernels = 1e-4; // of answers up to 2; the latter transform

    g_assert_cmpfloat(difference(reference, config, patch, both, multiple, 3 * multiple), <, own);
    g_assert_cmpfloat(difference(vulkan, config, patch, both, multiple, 3 * multiple), <, kernels);
    g_assert_cmpfloat(difference(reference, config, patch, across, 0, multiple), <, own);
    g_assert_cmpfloat(difference(reference, config, patch, across, multiple, 0), >, 0.01);
    g_assert_cmpfloat(difference(reference, config, patch, down, multiple, 0), <, own);
    g_assert_cmpfloat(difference(vulkan, config, patch, down, 0, multiple), >, 0.01);
}

static void rolls_with_the_picture(void)
{
    rolls(&plain, 2, 8);
}

static void rolls_where_the_padding_is_at_the_end_alone(void)
{
    SfmUnetConfig config = plain;

    config.downsample_padding = 0;
    rolls(&config, 2, 8);
}

static void rolls_through_filters(void)
{
    rolls(&with_fir, 1, 2);
}

// ---- jobs -------------------------------------------------------------------

static bool generate(const SfmJobParams *params, SfmImage *image, GError **error)
{
    g_autofree char *data_dir = g_test_build_filename(G_TEST_DIST, "..", NULL);
    const SfmEngineParams engine_params = { .data_dir = data_dir };
    SfmEngine *engine = sfm_engine_new(&engine_params, error);

    g_assert_nonnull(engine);
    const bool ok = sfm_engine_run(engine, params, image, error);
    sfm_engine_free(engine);
    return ok;
}

static float difference_of_columns(const SfmImage *image, int a, int b)
{
    float sum = 0;

    for (int y = 0; y < image->height; y++)
        for (int c = 0; c < 3; c++)
            sum += fabsf(image->pixels[(y * image->width + a) * 3 + c] -
                         image->pixels[(y * image->width + b) * 3 + c]);
    return sum;
}

// Of the difference of neighbouring columns, that across the border by the mean inside.
static float seam(const SfmImage *image)
{
    const int last = image->width - 1;
    float inside = 0;

    for (int x = 0; x < last; x++)
        inside += difference_of_columns(image, x, x + 1) / (float)last;
    return difference_of_columns(image, last, 0) / inside;
}

static void a_seamless_texture_has_no_seam(void)
{
    const char *const with[] = { "seamless=x", NULL };
    SfmJobParams params = {
        .model = "textures",
        .class_name = "rock",
        .sampler = "ddim",
        .num_steps = 10,
        .seed = 4,
    };
    g_autoptr(GError) error = NULL;
    g_auto(SfmImage) repeated = { 0 }, usual = { 0 };

    generate(&params, &usual, &error);
    g_assert_no_error(error);
    params.settings = with;
    generate(&params, &repeated, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(seam(&repeated), <, 1.15); // columns differ by a few per cent
    g_assert_cmpfloat(seam(&usual), >, 1.3);
}

// Tiles go round too: 64 of 96 pixels.
static void a_seamless_texture_of_tiles_has_no_seam(void)
{
    const char *const settings[] = { "seamless=both", "tile=64", NULL };
    const SfmJobParams params = {
        .model = "textures",
        .class_name = "rock",
        .sampler = "ddim",
        .num_steps = 6,
        .seed = 4,
        .width = 96,
        .height = 64,
        .settings = settings,
    };
    g_autoptr(GError) error = NULL;
    g_auto(SfmImage) image = { 0 };

    generate(&params, &image, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(seam(&image), <, 1.35); // as the largest inside; with edges 2.2
}

static void refuses(const SfmJobParams *params, const char *why)
{
    g_autoptr(GError) error = NULL;
    SfmImage image = { 0 };

    g_assert_false(generate(params, &image, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT);
    g_assert_cmpstr(error->message, ==, why);
}

// 2 of the patch, twice halved: 8.
static void names_the_nearest_sizes_that_meet(void)
{
    const char *const x[] = { "seamless=x", NULL }, *const both[] = { "seamless=both", NULL };
    SfmJobParams params = { .model = "textures", .settings = x, .width = 100, .height = 30 };

    refuses(&params, "seamless: the width of 100 is no multiple of 8; the nearest are 96 and 104");
    params.settings = both;
    params.width = 96;
    refuses(&params, "seamless: the height of 30 is no multiple of 8; the nearest are 24 and 32");
    params.height = 3;
    refuses(&params, "seamless: the height of 3 is no multiple of 8; the nearest is 8");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    keep_drivers();
    vulkan = vulkan_runner();
    reference = sfm_cpu_runner_new();
#define TEST(name) g_test_add_func("/seamless/" #name, name)
    TEST(rolls_with_the_picture);
    TEST(rolls_where_the_padding_is_at_the_end_alone);
    TEST(rolls_through_filters);
    TEST(a_seamless_texture_has_no_seam);
    TEST(a_seamless_texture_of_tiles_has_no_seam);
    TEST(names_the_nearest_sizes_that_meet);
    const int result = g_test_run();
    sfm_runner_free(vulkan);
    sfm_runner_free(reference);
    return result;
}
