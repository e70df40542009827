// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/mirrors.h"

#include "cpu/runner.h"

enum { WIDTH = 3, HEIGHT = 2, NUM = WIDTH * HEIGHT };

static const float picture[NUM] = { 1, 2, 3, 40, 50, 60 };

// A network that adds 1 to the left column, 2 to the next, and so on, and 10 to the
// lower row: of `num` mirror images.
static void ask(int num, float *result)
{
    SfmRunner *runner = sfm_cpu_runner_new();
    const SfmShape shape = SFM_SHAPE(1, 1, HEIGHT, WIDTH);
    SfmBuffer *sample = sfm_buffer_new(runner, shape, NULL);
    SfmBuffer *out = sfm_buffer_new(runner, shape, NULL);
    SfmMirrors *mirrors = sfm_mirrors_new(runner, shape, 1, num, NULL, NULL);
    float seen[NUM];

    g_assert_cmpint(sfm_mirrors_num(mirrors), ==, num);
    g_assert_true(sfm_buffer_write(runner, sample, picture, NULL));
    for (int k = 0; k < num; k++) {
        g_assert_true(
            sfm_buffer_read(runner, sfm_mirrors_turn(mirrors, k, sample, NULL), seen, NULL));
        for (int i = 0; i < NUM; i++)
            seen[i] += (float)(i % WIDTH + 1 + i / WIDTH * 10);
        g_assert_true(sfm_buffer_write(runner, out, seen, NULL));
        g_assert_true(sfm_mirrors_take(mirrors, k, out, NULL));
    }
    g_assert_true(sfm_buffer_read(runner, out, result, NULL));
    sfm_mirrors_free(mirrors);
    sfm_buffer_free(runner, out);
    sfm_buffer_free(runner, sample);
    sfm_runner_free(runner);
}

static void one_is_the_picture_itself(void)
{
    const float wanted[NUM] = { 2, 4, 6, 51, 62, 73 };
    float result[NUM];

    ask(1, result);
    for (int i = 0; i < NUM; i++)
        g_assert_cmpfloat(result[i], ==, wanted[i]);
}

// Of columns 1 to 3 the mean is 2, of rows 0 and 10 it is 5: nothing is left of the
// direction, with two of them as with four.
static void mirror_images_leave_no_direction(void)
{
    for (int num = 2; num <= SFM_MAX_MIRRORS; num += 2) {
        float result[NUM];
        ask(num, result);
        for (int i = 0; i < NUM; i++)
            g_assert_cmpfloat_with_epsilon(result[i], picture[i] + 7.0F, 1e-4);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mirrors/one_is_the_picture_itself", one_is_the_picture_itself);
    g_test_add_func("/mirrors/mirror_images_leave_no_direction", mirror_images_leave_no_direction);
    return g_test_run();
}
