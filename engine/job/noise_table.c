// SPDX-License-Identifier: GPL-3.0-or-later
//
// What must stay true: the table equals the one that published code computes,
// to the last bit but for the sigmoid. So betas are float32, linspace is torch's
// (one fused multiply-add from the nearer end), and the product accumulates in
// double and is rounded element by element, as torch.cumprod does on a CPU.

#include "job/noise_table.h"

#include <math.h>

// abar = 0, the end of a schedule with zero terminal SNR, has no sigma. It enters
// as this, so that sigma is 2^20.
#define LEAST_ABAR 0x1p-40

// torch.linspace in float32.
static void linspace(float *out, size_t num, double first, double last)
{
    const float start = (float)first, end = (float)last;
    const float step = num > 1 ? (end - start) / (float)(num - 1) : 0.0F;

    for (size_t i = 0; i < num; i++)
        out[i] = i < num / 2 || num == 1 ? fmaf(step, (float)i, start)
                                         : fmaf(-step, (float)(num - 1 - i), end);
}

static void make_linear(float *beta, const SfmSchedulerConfig *config)
{
    linspace(beta, config->num_train_timesteps, config->beta_start, config->beta_end);
}

static void make_scaled_linear(float *beta, const SfmSchedulerConfig *config)
{
    const size_t num = config->num_train_timesteps;

    linspace(beta, num, sqrt(config->beta_start), sqrt(config->beta_end));
    for (size_t i = 0; i < num; i++)
        beta[i] *= beta[i];
}

// Betas of what is left of the image's variance, abar(u), at u = t / T.
static void make_from_abar(float *beta, size_t num, double (*abar)(double u))
{
    const double t = (double)num;

    for (size_t i = 0; i < num; i++)
        beta[i] = (float)fmin(1.0 - abar((double)(i + 1) / t) / abar((double)i / t), 0.999);
}

// Nichol & Dhariwal, arXiv:2102.09672, equation 17.
static double cosine_abar(double u)
{
    const double c = cos((u + 0.008) / 1.008 * G_PI / 2.0);
    return c * c;
}

static void make_cosine(float *beta, const SfmSchedulerConfig *config)
{
    make_from_abar(beta, config->num_train_timesteps, cosine_abar);
}

static double exponential_abar(double u)
{
    return exp(-12.0 * u);
}

static void make_exponential(float *beta, const SfmSchedulerConfig *config)
{
    make_from_abar(beta, config->num_train_timesteps, exponential_abar);
}

// Hang et al., arXiv:2407.03297: the logarithm of the SNR has a Laplace
// distribution. The root is published code's.
static double laplace_abar(double u)
{
    const double log_snr = -0.5 * copysign(1.0, 0.5 - u) * log(1.0 - 2.0 * fabs(0.5 - u) + 1e-6);
    const double snr = exp(log_snr);
    return sqrt(snr / (1.0 + snr));
}

static void make_laplace(float *beta, const SfmSchedulerConfig *config)
{
    make_from_abar(beta, config->num_train_timesteps, laplace_abar);
}

static void make_sigmoid(float *beta, const SfmSchedulerConfig *config)
{
    const size_t num = config->num_train_timesteps;
    const float range = (float)(config->beta_end - config->beta_start);

    linspace(beta, num, -6.0, 6.0);
    for (size_t i = 0; i < num; i++)
        beta[i] = 1.0F / (1.0F + expf(-beta[i])) * range + (float)config->beta_start;
}

static void copy_trained(float *beta, const SfmSchedulerConfig *config)
{
    for (size_t i = 0; i < config->num_train_timesteps; i++)
        beta[i] = (float)config->trained_betas[i];
}

typedef void (*MakeBetas)(float *beta, const SfmSchedulerConfig *config);

static const MakeBetas make_betas[] = {
    [SFM_BETAS_LINEAR] = make_linear,   [SFM_BETAS_SCALED_LINEAR] = make_scaled_linear,
    [SFM_BETAS_COSINE] = make_cosine,   [SFM_BETAS_SIGMOID] = make_sigmoid,
    [SFM_BETAS_EXP] = make_exponential, [SFM_BETAS_LAPLACE] = make_laplace,
    [SFM_BETAS_TRAINED] = copy_trained,
};

// abar as torch.cumprod gives it: a double accumulates, each element is rounded.
static void accumulate(float *abar, const float *beta, size_t num)
{
    double product = 1.0;

    for (size_t i = 0; i < num; i++) {
        product *= (double)(1.0F - beta[i]);
        abar[i] = (float)product;
    }
}

// Lin et al., arXiv:2305.08891, algorithm 1: shifts and scales sqrt(abar) so that
// its last value is 0 and its first stays, then derives the betas anew.
static void rescale_to_zero_snr(float *beta, const float *abar, size_t num)
{
    const float first = sqrtf(abar[0]), last = sqrtf(abar[num - 1]);
    const float scale = first / (first - last);
    float before = 1.0F;

    for (size_t i = 0; i < num; i++) {
        const float root = (sqrtf(abar[i]) - last) * scale;
        const float now = root * root;
        beta[i] = 1.0F - now / before;
        before = now;
    }
}

static bool check_betas(const float *beta, size_t num, GError **error)
{
    for (size_t i = 0; i < num; i++) {
        if (!(beta[i] > 0.0F && beta[i] < 1.0F))
            return sfm_fail(error, SFM_ERROR_BAD_FILE,
                            "scheduler: beta %zu is %g, which is not between 0 and 1", i,
                            (double)beta[i]);
    }
    return true;
}

bool sfm_noise_table_wanted(const SfmSchedulerConfig *config)
{
    return config->prediction != SFM_PREDICT_SCORE && config->prediction != SFM_PREDICT_CONSISTENCY;
}

bool sfm_noise_table_init(SfmNoiseTable *table, const SfmSchedulerConfig *config, GError **error)
{
    const size_t num = config->num_train_timesteps;
    g_autofree float *beta = g_try_new(float, num);
    g_autofree float *abar = g_try_new(float, num);
    g_auto(SfmNoiseTable) t = { num, g_try_new(double, num), g_try_new(double, num) };

    if (num == 0)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "scheduler: num_train_timesteps is 0");
    if (!beta || !abar || !t.alphas_cumprod || !t.sigma)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "no memory for %zu timesteps", num);

    make_betas[config->betas](beta, config);
    if (!check_betas(beta, num, error))
        return false;
    accumulate(abar, beta, num);
    if (config->rescale_zero_snr && num > 1) {
        rescale_to_zero_snr(beta, abar, num);
        accumulate(abar, beta, num);
        abar[num - 1] = fmaxf(abar[num - 1], (float)config->terminal_abar);
    }

    for (size_t i = 0; i < num; i++) {
        t.alphas_cumprod[i] = fmax((double)abar[i], LEAST_ABAR);
        t.sigma[i] = sqrt((1.0 - t.alphas_cumprod[i]) / t.alphas_cumprod[i]);
    }
    *table = t;
    t = (SfmNoiseTable){ 0 };
    return true;
}

void sfm_noise_table_clear(SfmNoiseTable *table)
{
    g_free(table->alphas_cumprod);
    g_free(table->sigma);
    *table = (SfmNoiseTable){ 0 };
}

// The last i with sigma[i] <= sigma; sigma lies within the table.
static size_t find_below(const SfmNoiseTable *table, double sigma)
{
    size_t low = 0, high = table->num - 1;

    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (table->sigma[middle] <= sigma)
            low = middle;
        else
            high = middle;
    }
    return low;
}

double sfm_noise_table_timestep(const SfmNoiseTable *table, double sigma)
{
    const size_t last = table->num - 1;

    if (sigma <= table->sigma[0])
        return 0.0;
    if (sigma >= table->sigma[last])
        return (double)last;

    const size_t i = find_below(table, sigma);
    const double a = log(table->sigma[i]), b = log(table->sigma[i + 1]);
    const double t = (double)i + (b > a ? (log(sigma) - a) / (b - a) : 0.0);

    // A script that computes the level anew, or in float32, hits it to a rounding,
    // 6e-8 of it; a step is some 5e-3 of it.
    return fabs(t - rint(t)) < 1e-4 ? rint(t) : t;
}

double sfm_noise_table_sigma(const SfmNoiseTable *table, double timestep)
{
    const size_t last = table->num - 1;
    const double t = CLAMP(timestep, 0.0, (double)last);
    const size_t i = MIN((size_t)t, last), next = MIN(i + 1, last);
    const double part = t - (double)i;

    return part > 0.0 ? table->sigma[i] * pow(table->sigma[next] / table->sigma[i], part)
                      : table->sigma[i];
}
