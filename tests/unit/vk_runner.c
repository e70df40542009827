// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Vulkan runner, with the validation layer watching every call.

#include "vk/runner.h"

#include <string.h>

#include "ops/group_norm.h"
#include "support/vulkan.h"

static SfmRunner *runner;

static SfmBuffer *buffer_of(SfmShape shape, const float *data)
{
    g_autoptr(GError) error = NULL;
    SfmBuffer *buffer = sfm_buffer_new(runner, shape, &error);

    g_assert_no_error(error);
    g_assert_true(!data || sfm_buffer_write(runner, buffer, data, &error));
    g_assert_no_error(error);
    return buffer;
}

static void gives_back_what_was_written(void)
{
    const float data[6] = { 1, -2, 3.5f, 0, 1e30f, -1e-30f };
    float got[6] = { 0 };
    SfmBuffer *buffer = buffer_of(SFM_SHAPE(1, 2, 3, 1), data);

    g_assert_true(sfm_buffer_read(runner, buffer, got, NULL));
    g_assert_cmpmem(got, sizeof(got), data, sizeof(data));
    sfm_buffer_free(runner, buffer);
    sfm_buffer_free(runner, NULL);
}

// y = x normalised over one group of two pixels, twice: gamma 2, then beta 5.
static void runs_an_op_by_itself_and_in_order(void)
{
    const float x[] = { 1, 3 }, gamma[] = { 2 }, beta[] = { 5 };
    const SfmGroupNorm attrs = { .groups = 1 };
    const SfmShape shape = SFM_SHAPE(1, 1, 1, 2), one = SFM_SHAPE(1, 1, 1, 1);
    SfmCall call = {
        .op = sfm_op_find("group_norm"),
        .attrs = &attrs,
        .num_inputs = 3,
        .in = { shape, one, one },
    };
    SfmBuffer *in[] = { buffer_of(shape, x), buffer_of(one, gamma), buffer_of(one, beta) };
    SfmBuffer *y = buffer_of(shape, NULL), *z = buffer_of(shape, NULL);
    SfmBuffer *again[] = { y, in[1], in[2] };
    g_autoptr(GError) error = NULL;
    float got[2];

    g_assert_true(call.op->infer(&call, NULL));
    g_assert_true(sfm_runner_call(runner, &call, &y, in, &error));
    g_assert_true(sfm_runner_call(runner, &call, &z, again, &error));
    sfm_buffer_free(runner, y); // while the device may still use it
    g_assert_true(sfm_buffer_read(runner, z, got, &error));
    g_assert_no_error(error);
    g_assert_cmpfloat_with_epsilon(got[0], 3, 1e-6); // -1 * 2 + 5
    g_assert_cmpfloat_with_epsilon(got[1], 7, 1e-6);

    sfm_buffer_free(runner, z);
    for (int i = 0; i < 3; i++)
        sfm_buffer_free(runner, in[i]);
}

// The second buffer has the first one's memory, which is still to be read.
static void gives_memory_out_again_in_order(void)
{
    const SfmExpr five = { .num_nodes = 1,
                           .num_scalars = 1,
                           .node = { { .kind = SFM_EXPR_SCALAR } } };
    const SfmExpr same = { .num_nodes = 1,
                           .num_tensors = 1,
                           .node = { { .kind = SFM_EXPR_TENSOR } } };
    const SfmShape shape = SFM_SHAPE(1, 1, 1, 2);
    const float data[] = { 1, 2 }, scalar = 5;
    SfmBuffer *first = buffer_of(shape, data), *kept = buffer_of(shape, NULL);
    float got[2];

    g_assert_true(sfm_runner_eval(runner, &same, NULL, &first, kept, NULL));
    sfm_buffer_free(runner, first);
    SfmBuffer *second = buffer_of(shape, NULL);
    g_assert_true(sfm_runner_eval(runner, &five, &scalar, NULL, second, NULL));
    g_assert_true(sfm_buffer_read(runner, kept, got, NULL));
    g_assert_cmpmem(got, sizeof(got), data, sizeof(data));
    g_assert_true(sfm_buffer_read(runner, second, got, NULL));
    g_assert_cmpfloat(got[1], ==, 5);
    sfm_buffer_free(runner, second);
    sfm_buffer_free(runner, kept);
}

static void refuses_a_tensor_that_no_binding_holds(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(sfm_buffer_new(runner, SFM_SHAPE(65536, 65536, 65536, 1), &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY);
    g_clear_error(&error);
    g_assert_null(sfm_buffer_new(runner, SFM_SHAPE(1, 0, 1, 1), &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_SHAPE);
}

static void says_which_devices_there_are(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(sfm_vk_runner_new(&(SfmVkOptions){ .device = "no such thing" }, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_NO_DEVICE);
    g_assert_true(g_str_has_prefix(error->message, "no device \"no such thing\"; there is 0 \""));
    g_assert_nonnull(strstr(error->message, sfm_vk_runner_device(runner)));
}

static void finds_a_device_by_index_or_part_of_its_name(void)
{
    g_autofree char *name = g_ascii_strup(sfm_vk_runner_device(runner), -1);
    const char *wanted[] = { "0", name, "" };

    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
        g_autoptr(GError) error = NULL;
        SfmRunner *other = sfm_vk_runner_new(&(SfmVkOptions){ .device = wanted[i] }, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(sfm_vk_runner_device(other), ==, sfm_vk_runner_device(runner));
        sfm_runner_free(other);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    runner = vulkan_runner();

#define TEST(name) g_test_add_func("/vk/runner/" #name, name)
    TEST(gives_back_what_was_written);
    TEST(runs_an_op_by_itself_and_in_order);
    TEST(gives_memory_out_again_in_order);
    TEST(refuses_a_tensor_that_no_binding_holds);
    TEST(says_which_devices_there_are);
    TEST(finds_a_device_by_index_or_part_of_its_name);
    const int result = g_test_run();
    sfm_runner_free(runner);
    return result;
}
