// SPDX-License-Identifier: GPL-3.0-or-later
//
// torch's CPU generator, against what torch 2.6.0 drew
// (tests/fixtures/README.md).

#include "base/torch_random.h"

#include <glib.h>

#include "file/tensor_file.h"

static SfmTensorFile *open_fixture(void)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "fixtures", "rng", "torch_cpu_randn.safetensors", NULL);
    g_autoptr(GError) error = NULL;
    SfmTensorFile *file = sfm_tensor_file_open(path, &error);

    g_assert_no_error(error);
    return file;
}

// The next draw of `random` must be the tensor of that name.
static void assert_draws(SfmTorchRandom *random, SfmTensorFile *file, const char *name)
{
    const SfmTensorEntry *entry = sfm_tensor_file_find(file, name);
    g_assert_nonnull(entry);
    g_autofree float *want = g_new(float, entry->count);
    g_autofree float *got = g_new(float, entry->count);

    g_assert_true(sfm_tensor_file_read(file, entry, want, NULL));
    g_assert_true(sfm_torch_random_normal(random, got, entry->count, NULL, NULL));
    for (size_t i = 0; i < entry->count; i++)
        g_assert_cmpfloat_with_epsilon(got[i], want[i], 2e-6);
}

static void draws_few_normals_and_many_as_torch_does(void)
{
    static const char *const names[] = { "n5", "n16", "n17", "n192", "n3072" };
    g_autoptr(SfmTensorFile) file = open_fixture();

    for (uint32_t seed = 0; seed <= 42; seed += 42) {
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
            g_autofree char *name = g_strdup_printf("randn.seed%u.%s", seed, names[i]);
            SfmTorchRandom random;

            sfm_torch_random_init(&random, seed);
            assert_draws(&random, file, name);
        }
    }
}

static void continues_where_the_last_draw_ended(void)
{
    g_autoptr(SfmTensorFile) file = open_fixture();

    for (uint32_t seed = 0; seed <= 42; seed += 42) {
        g_autofree char *first = g_strdup_printf("sequence.seed%u.first_n48", seed);
        g_autofree char *second = g_strdup_printf("sequence.seed%u.then_n5", seed);
        g_autofree char *third = g_strdup_printf("sequence.seed%u.then_n20", seed);
        SfmTorchRandom random;

        sfm_torch_random_init(&random, seed);
        assert_draws(&random, file, first);
        assert_draws(&random, file, second);
        assert_draws(&random, file, third);
    }
}

// Five make three pairs; the sixth normal waits for the next small draw, also
// past a large one.
static void keeps_the_second_of_a_pair_for_the_next_small_draw(void)
{
    SfmTorchRandom random;
    float six[6], got[6], many[16];

    sfm_torch_random_init(&random, 7);
    g_assert_true(sfm_torch_random_normal(&random, six, 6, NULL, NULL));

    sfm_torch_random_init(&random, 7);
    g_assert_true(sfm_torch_random_normal(&random, got, 5, NULL, NULL));
    g_assert_true(sfm_torch_random_normal(&random, many, 16, NULL, NULL));
    g_assert_true(sfm_torch_random_normal(&random, got + 5, 1, NULL, NULL));
    g_assert_cmpmem(got, sizeof(got), six, sizeof(six));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

#define TEST(name) g_test_add_func("/base/torch_random/" #name, name)
    TEST(draws_few_normals_and_many_as_torch_does);
    TEST(continues_where_the_last_draw_ended);
    TEST(keeps_the_second_of_a_pair_for_the_next_small_draw);
    return g_test_run();
}
