// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tables against those that published code computed, recorded in
// tests/fixtures/tables/betas.safetensors.

#include "job/noise_table.h"

#include <math.h>

#include "file/tensor_file.h"

// alphas_cumprod within `tolerance` of the recorded ones; 0: to the bit.
static void assert_recorded(const SfmSchedulerConfig *config, const char *name, double tolerance)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "fixtures", "tables", "betas.safetensors", NULL);
    g_autoptr(SfmTensorFile) file = sfm_tensor_file_open(path, &error);
    g_assert_no_error(error);
    g_auto(SfmNoiseTable) table = { 0 };
    g_autofree char *full = g_strconcat(name, ".alphas_cumprod", NULL);
    const SfmTensorEntry *entry = sfm_tensor_file_find(file, full);
    g_assert_nonnull(entry);
    g_autofree float *want = g_new(float, entry->count);
    g_assert_true(sfm_tensor_file_read(file, entry, want, &error));

    g_assert_true(sfm_noise_table_init(&table, config, &error));
    g_assert_cmpuint(table.num, ==, entry->count);
    for (size_t i = 0; i < table.num; i++) {
        if (fabs(table.alphas_cumprod[i] - want[i]) > tolerance)
            g_error("%s[%zu]: got %.9g, want %.9g", name, i, table.alphas_cumprod[i],
                    (double)want[i]);
    }
}

static SfmSchedulerConfig schedule(SfmBetas betas)
{
    return (SfmSchedulerConfig){
        .betas = betas, .num_train_timesteps = 1000, .beta_start = 1e-4, .beta_end = 0.02
    };
}

static void equals_published_tables_to_the_bit(void)
{
    SfmSchedulerConfig config = schedule(SFM_BETAS_LINEAR);
    assert_recorded(&config, "linear.T1000.start0.0001.end0.02", 0.0);

    config.num_train_timesteps = 250;
    config.beta_start = 4e-4;
    config.beta_end = 0.08;
    assert_recorded(&config, "linear.T250.start0.0004.end0.08", 0.0);

    config = schedule(SFM_BETAS_SCALED_LINEAR);
    config.beta_start = 0.00085;
    config.beta_end = 0.012;
    assert_recorded(&config, "scaled_linear.T1000.start0.00085.end0.012", 0.0);

    config = schedule(SFM_BETAS_COSINE);
    assert_recorded(&config, "squaredcos_cap_v2.T1000.start0.0001.end0.02", 0.0);
}

// torch's sigmoid is a vector polynomial of its own.
static void comes_near_published_sigmoid_tables(void)
{
    const SfmSchedulerConfig config = schedule(SFM_BETAS_SIGMOID);
    assert_recorded(&config, "sigmoid.T1000.start0.0001.end0.02", 2e-7);
}

// The betas are derived from a quotient of rounded numbers: their last bits are
// not those of torch, where its square root and quotient are vectors.
static void rescales_to_zero_terminal_snr_as_published(void)
{
    SfmSchedulerConfig config = schedule(SFM_BETAS_LINEAR);
    config.rescale_zero_snr = true;
    assert_recorded(&config, "linear.T1000.start0.0001.end0.02.zero_snr", 2e-7);

    config = schedule(SFM_BETAS_COSINE);
    config.rescale_zero_snr = true;
    assert_recorded(&config, "squaredcos_cap_v2.T1000.start0.0001.end0.02.zero_snr", 2e-7);
}

static void gives_zero_terminal_snr_a_finite_sigma(void)
{
    SfmSchedulerConfig config = schedule(SFM_BETAS_LINEAR);
    g_auto(SfmNoiseTable) table = { 0 };

    config.rescale_zero_snr = true;
    g_assert_true(sfm_noise_table_init(&table, &config, NULL));
    g_assert_cmpfloat_with_epsilon(table.sigma[999], 0x1p20, 1.0); // sqrt(2^40 - 1)

    sfm_noise_table_clear(&table);
    config.terminal_abar = 0x1p-24; // as the Euler schedulers have it
    g_assert_true(sfm_noise_table_init(&table, &config, NULL));
    g_assert_cmpfloat_with_epsilon(table.sigma[999], 4096.0, 1e-3);
}

// One minus a ratio of neighbours of exp(-12 t / T): the same for all, so that
// abar is a power.
static void makes_exponential_betas(void)
{
    const SfmSchedulerConfig config = schedule(SFM_BETAS_EXP);
    g_auto(SfmNoiseTable) table = { 0 };

    g_assert_true(sfm_noise_table_init(&table, &config, NULL));
    g_assert_cmpfloat_with_epsilon(table.alphas_cumprod[0], exp(-0.012), 1e-7);
    g_assert_cmpfloat_with_epsilon(log(table.alphas_cumprod[999]), -12.0, 1e-4);
}

// At t / T = 1 / 2 the SNR is about 1, and abar, relative to its start, a root of
// a half: SNR 1e-6^(-1/2) = 1000 there.
static void makes_betas_of_a_laplace_distribution(void)
{
    const SfmSchedulerConfig config = schedule(SFM_BETAS_LAPLACE);
    g_auto(SfmNoiseTable) table = { 0 };

    g_assert_true(sfm_noise_table_init(&table, &config, NULL));
    g_assert_cmpfloat_with_epsilon(table.alphas_cumprod[499], sqrt(0.5 / (1000.0 / 1001.0)), 1e-5);
}

// Two betas of one half: abar is 1/2, 1/4; sigma is sqrt(1) and sqrt(3).
static SfmNoiseTable two_halves(void)
{
    double halves[] = { 0.5, 0.5 };
    const SfmSchedulerConfig config = { .betas = SFM_BETAS_TRAINED,
                                        .num_train_timesteps = 2,
                                        .trained_betas = halves };
    SfmNoiseTable table = { 0 };

    g_assert_true(sfm_noise_table_init(&table, &config, NULL));
    return table;
}

static void takes_trained_betas(void)
{
    g_auto(SfmNoiseTable) table = two_halves();

    g_assert_cmpfloat(table.alphas_cumprod[0], ==, 0.5);
    g_assert_cmpfloat(table.alphas_cumprod[1], ==, 0.25);
    g_assert_cmpfloat(table.sigma[0], ==, 1.0);
    g_assert_cmpfloat_with_epsilon(table.sigma[1], sqrt(3.0), 1e-15);
}

static void maps_levels_to_timesteps_linearly_in_log_sigma(void)
{
    g_auto(SfmNoiseTable) table = two_halves();

    g_assert_cmpfloat(sfm_noise_table_timestep(&table, 1.0), ==, 0.0);
    g_assert_cmpfloat(sfm_noise_table_timestep(&table, sqrt(3.0)), ==, 1.0);
    // The geometric mean lies half way.
    g_assert_cmpfloat_with_epsilon(sfm_noise_table_timestep(&table, pow(3.0, 0.25)), 0.5, 1e-12);
    g_assert_cmpfloat_with_epsilon(sfm_noise_table_timestep(&table, pow(3.0, 0.125)), 0.25, 1e-12);
}

static void stays_within_the_table_beyond_its_ends(void)
{
    g_auto(SfmNoiseTable) table = two_halves();

    g_assert_cmpfloat(sfm_noise_table_timestep(&table, 0.001), ==, 0.0);
    g_assert_cmpfloat(sfm_noise_table_timestep(&table, 1e9), ==, 1.0);
}

static void maps_every_level_of_a_table_to_a_whole_timestep(void)
{
    const SfmSchedulerConfig config = schedule(SFM_BETAS_LINEAR);
    g_auto(SfmNoiseTable) table = { 0 };

    g_assert_true(sfm_noise_table_init(&table, &config, NULL));
    for (size_t i = 0; i < table.num; i++) {
        // Rounded to float32 and back, as a script might.
        const double sigma = (double)(float)table.sigma[i];
        g_assert_cmpfloat(sfm_noise_table_timestep(&table, table.sigma[i]), ==, (double)i);
        g_assert_cmpfloat(sfm_noise_table_timestep(&table, sigma), ==, (double)i);
    }
}

static void refuses_betas_that_are_no_variance(void)
{
    double betas[] = { 0.5, 1.5 };
    const SfmSchedulerConfig config = { .betas = SFM_BETAS_TRAINED,
                                        .num_train_timesteps = 2,
                                        .trained_betas = betas };
    g_autoptr(GError) error = NULL;
    SfmNoiseTable table = { 0 };

    g_assert_false(sfm_noise_table_init(&table, &config, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_FILE);
    g_assert_cmpstr(error->message, ==, "scheduler: beta 1 is 1.5, which is not between 0 and 1");
    g_assert_null(table.sigma);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

#define TEST(name) g_test_add_func("/job/noise_table/" #name, name)
    TEST(equals_published_tables_to_the_bit);
    TEST(comes_near_published_sigmoid_tables);
    TEST(rescales_to_zero_terminal_snr_as_published);
    TEST(gives_zero_terminal_snr_a_finite_sigma);
    TEST(makes_exponential_betas);
    TEST(makes_betas_of_a_laplace_distribution);
    TEST(takes_trained_betas);
    TEST(maps_levels_to_timesteps_linearly_in_log_sigma);
    TEST(stays_within_the_table_beyond_its_ends);
    TEST(maps_every_level_of_a_table_to_a_whole_timestep);
    TEST(refuses_betas_that_are_no_variance);
    return g_test_run();
}
