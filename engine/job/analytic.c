// SPDX-License-Identifier: GPL-3.0-or-later
//
// What must stay true: an image depends on seed and number, not on its place in a
// batch; and what is computed here is exact to float32, so that whatever error a
// run has is the sampler's.

#include "job/analytic.h"

#include <math.h>
#include <string.h>

#include "base/philox.h"
#include "cpu/runner.h"
#include "job/counter.h"
#include "job/noise_source.h"

// The training noise of Ho et al. 2020, and of Nichol & Dhariwal 2021 rescaled to
// end at no image at all, as Lin et al. 2023 have it; the ranges of Song & Ermon
// 2020 and of Karras et al. 2022.
const SfmAnalyticKind sfm_analytic_kinds[] = {
    {
        .title = "a model of 1000 timesteps",
        .prediction = "epsilon",
        .training = { .num_train_timesteps = 1000,
                      .betas = SFM_BETAS_LINEAR,
                      .beta_start = 1e-4,
                      .beta_end = 0.02 },
    },
    {
        .title = "a score network",
        .prediction = "score",
        .sigma_min = 0.01,
        .sigma_max = 50,
    },
    {
        .title = "a consistency model",
        .prediction = "consistency",
        .sigma_min = 0.002,
        .sigma_max = 80,
    },
    {
        .title = "a model of 100 timesteps that end at pure noise",
        .prediction = "v_prediction",
        .training = { .num_train_timesteps = 100,
                      .betas = SFM_BETAS_COSINE,
                      .rescale_zero_snr = true },
    },
};

const size_t sfm_num_analytic_kinds = G_N_ELEMENTS(sfm_analytic_kinds);

struct SfmAnalytic {
    const SfmAnalyticKind *kind;
    SfmNoiseTable table; // zeroed: it is told levels
    SfmScriptModel model;
    SfmCounter *counter;   // owned
    float *x, *x0, *eps;   // [count] each, of the last call of the model; owned
    SfmMixtureLevel level; // of that call

    const SfmLevels *levels; // of the run under way; borrowed
    SfmNoiseSource *noise;   // likewise; owned
    uint32_t first_image;
    int num_evals, num_ended; // calls of the model, and ends of steps
    double seconds;           // that its host took
};

static bool has_timesteps(const SfmAnalytic *a)
{
    return a->table.num > 0;
}

static SfmScriptModel describe(const SfmAnalytic *a, uint32_t num_images, uint32_t side)
{
    const SfmNoiseTable *table = &a->table;
    const bool told_levels = table->num == 0;
    return (SfmScriptModel){
        .prediction = a->kind->prediction,
        .sigma_min = told_levels ? a->kind->sigma_min : table->sigma[0],
        .sigma_max = told_levels ? a->kind->sigma_max : table->sigma[table->num - 1],
        .num_train_timesteps = table->num,
        .alphas_cumprod = table->alphas_cumprod,
        .spacing = "leading",
        .shape = SFM_SHAPE(num_images, SFM_MIXTURE_DIM, side, side),
    };
}

SfmAnalytic *sfm_analytic_new(const SfmAnalyticKind *kind, uint32_t num_images, uint32_t side)
{
    SfmAnalytic *a = g_new0(SfmAnalytic, 1);
    a->kind = kind;
    if (kind->training.num_train_timesteps > 0 &&
        !sfm_noise_table_init(&a->table, &kind->training, NULL))
        g_assert_not_reached(); // the kinds are constants, and their tables small
    a->model = describe(a, num_images, side);
    a->counter = sfm_counter_new(sfm_cpu_runner_new());
    const size_t count = sfm_analytic_count(a);
    a->x = g_new0(float, count);
    a->x0 = g_new0(float, count);
    a->eps = g_new0(float, count);
    return a;
}

void sfm_analytic_free(SfmAnalytic *a)
{
    if (!a)
        return;
    sfm_noise_table_clear(&a->table);
    sfm_runner_free(&a->counter->base);
    g_free(a->x);
    g_free(a->x0);
    g_free(a->eps);
    g_free(a);
}

const SfmScriptModel *sfm_analytic_model(const SfmAnalytic *a)
{
    return &a->model;
}

size_t sfm_analytic_count(const SfmAnalytic *a)
{
    return sfm_shape_count(a->model.shape);
}

size_t sfm_analytic_num_points(const SfmAnalytic *a)
{
    return sfm_analytic_count(a) / SFM_MIXTURE_DIM;
}

// ---- points and pixels ------------------------------------------------------

static size_t num_pixels(const SfmAnalytic *a)
{
    return (size_t)a->model.shape.dim[2] * a->model.shape.dim[3];
}

// Where channel c of point i lies: channels are planes.
static size_t place(const SfmAnalytic *a, size_t i, size_t c)
{
    const size_t n = num_pixels(a);
    return (i / n * SFM_MIXTURE_DIM + c) * n + i % n;
}

SfmPoint sfm_analytic_point(const SfmAnalytic *a, const float *x, size_t i)
{
    SfmPoint point;
    for (size_t c = 0; c < SFM_MIXTURE_DIM; c++)
        point.of[c] = (double)x[place(a, i, c)];
    return point;
}

static void set_point(const SfmAnalytic *a, float *x, size_t i, SfmPoint point)
{
    for (size_t c = 0; c < SFM_MIXTURE_DIM; c++)
        x[place(a, i, c)] = (float)point.of[c];
}

enum { NORMALS_OF_DATA = 3 }; // that one point takes

void sfm_analytic_start(const SfmAnalytic *a, uint32_t seed, uint32_t first_image, double sigma,
                        float *x)
{
    const size_t n = num_pixels(a);
    g_autofree float *data = g_new(float, n *NORMALS_OF_DATA);
    g_autofree float *noise = g_new(float, n *SFM_MIXTURE_DIM);
    for (uint32_t image = 0; image < a->model.shape.dim[0]; image++) {
        SfmNoiseKey key = { .seed = seed, .image = first_image + image, .step = SFM_NOISE_START };
        sfm_philox_normals(key, noise, n * SFM_MIXTURE_DIM);
        key.stream = 1;
        sfm_philox_normals(key, data, n * NORMALS_OF_DATA);
        for (size_t i = 0; i < n; i++) {
            const float *d = data + i * NORMALS_OF_DATA;
            const double normal[] = { (double)d[0], (double)d[1], (double)d[2] };
            SfmPoint point = sfm_mixture_draw(normal);
            for (size_t c = 0; c < SFM_MIXTURE_DIM; c++)
                point.of[c] += sigma * (double)noise[c * n + i];
            set_point(a, x, image * n + i, point);
        }
    }
}

// ---- what the sampler asks --------------------------------------------------

// RK4 with so many steps is as exact as float32.
enum { FLOW_STEPS = 60 };

static SfmPoint answer(const SfmAnalytic *a, SfmPoint x, const SfmMixtureLevel *level)
{
    const double least = a->model.sigma_min;
    if (strcmp(a->kind->prediction, "consistency") != 0)
        return sfm_mixture_denoise(level, x);
    return level->sigma > least ? sfm_mixture_flow(x, level->sigma, least, FLOW_STEPS) : x;
}

// Denoises a->x.
static void run_model(SfmAnalytic *a, double sigma)
{
    a->level = sfm_mixture_level(sigma);
    for (size_t i = 0; i < sfm_analytic_num_points(a); i++) {
        const SfmPoint x = sfm_analytic_point(a, a->x, i), x0 = answer(a, x, &a->level);
        SfmPoint eps;
        for (size_t c = 0; c < SFM_MIXTURE_DIM; c++)
            eps.of[c] = (x.of[c] - x0.of[c]) / sigma;
        set_point(a, a->x0, i, x0);
        set_point(a, a->eps, i, eps);
    }
    a->num_evals++;
}

static bool denoise(void *user_data, SfmBuffer *x, double sigma, const SfmDenoiseOptions *options,
                    SfmBuffer *x0, SfmBuffer *eps, GError **error)
{
    SfmAnalytic *a = user_data;
    const double start = sfm_thread_seconds();
    bool done = sfm_buffer_read(a->counter->inner, x, a->x, error);
    if (done)
        run_model(a, sigma);
    done = done && sfm_buffer_write(a->counter->inner, x0, a->x0, error) &&
           sfm_buffer_write(a->counter->inner, eps, a->eps, error);
    a->seconds += sfm_thread_seconds() - start;
    return done;
}

// What the schedule says that it is told there, else what its table says.
static double timestep(void *user_data, double sigma)
{
    const SfmAnalytic *a = user_data;
    if (!has_timesteps(a))
        return sigma;
    const double told = sfm_levels_timestep(a->levels, sigma);
    return isnan(told) ? sfm_noise_table_timestep(&a->table, sigma) : told;
}

// The network's bare answer, at x in its own scale.
static bool predict(void *user_data, SfmBuffer *x_vp, double t, SfmBuffer *out, GError **error)
{
    SfmAnalytic *a = user_data;
    const double start = sfm_thread_seconds(), sigma = a->table.sigma[(size_t)t];
    const bool wants_v = strcmp(a->kind->prediction, "v_prediction") == 0;
    const double scale = sqrt(1 + sigma * sigma);
    bool done = sfm_buffer_read(a->counter->inner, x_vp, a->x, error);
    for (size_t i = 0; done && i < sfm_analytic_count(a); i++)
        a->x[i] = (float)(scale * (double)a->x[i]);
    if (done)
        run_model(a, sigma);
    for (size_t i = 0; done && wants_v && i < sfm_analytic_count(a); i++)
        a->eps[i] = (float)(((double)a->eps[i] - sigma * (double)a->x0[i]) / scale);
    done = done && sfm_buffer_write(a->counter->inner, out, a->eps, error);
    a->seconds += sfm_thread_seconds() - start;
    return done;
}

// As good as a diagonal variance can be: that of what lies at level b, given x at
// level a, element by element (Bao et al. 2022, theorem 1, arXiv:2201.06503).
static bool learned_variance(void *user_data, double from, double to, SfmBuffer *out,
                             GError **error)
{
    SfmAnalytic *a = user_data;
    const double start = sfm_thread_seconds(), gain = 1 - to * to / (from * from);
    g_autofree float *variance = g_new(float, sfm_analytic_count(a));
    for (size_t i = 0; i < sfm_analytic_num_points(a); i++) {
        SfmPoint v = sfm_mixture_variance(&a->level, sfm_analytic_point(a, a->x, i));
        for (size_t c = 0; c < SFM_MIXTURE_DIM; c++)
            v.of[c] = to * to * gain + gain * gain * v.of[c];
        set_point(a, variance, i, v);
    }
    const bool done = sfm_buffer_write(a->counter->inner, out, variance, error);
    a->seconds += sfm_thread_seconds() - start;
    return done;
}

static bool draw_noise(void *user_data, uint32_t step, uint32_t stream, SfmBuffer *out,
                       GError **error)
{
    const SfmAnalytic *a = user_data;
    return a->noise->draw(a->noise, a->first_image, step, stream, out, error);
}

// Before each the host has looked whether x is finite: one kernel, not the script's.
static bool end_step(void *user_data, uint32_t i, SfmBuffer *x, SfmBuffer *x0, GError **error)
{
    SfmAnalytic *a = user_data;
    a->num_ended++;
    return true;
}

// ---- a run ------------------------------------------------------------------

static bool sample(SfmAnalytic *a, SfmScript *sampler, SfmBuffer *x, GError **error)
{
    const SfmSampling sampling = {
        .runner = &a->counter->base,
        .model = a->model,
        .user_data = a,
        .denoise = denoise,
        .timestep = timestep,
        .predict = has_timesteps(a) ? predict : NULL,
        .learned_variance = learned_variance,
        .noise = draw_noise,
        .step = end_step,
    };
    return sfm_script_sample(sampler, &sampling, a->levels, x, error);
}

bool sfm_analytic_sample(SfmAnalytic *a, SfmScript *sampler, const SfmLevels *levels, uint32_t seed,
                         uint32_t first_image, float *x, SfmAnalyticCost *cost, GError **error)
{
    g_autoptr(SfmNoiseSource) noise = sfm_noise_philox_new(&a->counter->base, seed, NULL);
    SfmBuffer *buffer = sfm_buffer_new(a->counter->inner, a->model.shape, error);
    a->levels = levels;
    a->noise = noise;
    a->first_image = first_image;
    a->num_evals = a->num_ended = 0;
    a->counter->num_kernels = 0;
    a->seconds = a->counter->seconds = 0;

    bool done = buffer && sfm_buffer_write(a->counter->inner, buffer, x, error);
    const double start = sfm_thread_seconds();
    done = done && sample(a, sampler, buffer, error);
    const double took = sfm_thread_seconds() - start;
    done = done && sfm_buffer_read(a->counter->inner, buffer, x, error);
    sfm_buffer_free(a->counter->inner, buffer);
    if (cost)
        *cost = (SfmAnalyticCost){
            .num_evals = a->num_evals,
            .num_ended = a->num_ended,
            .num_kernels = (int)a->counter->num_kernels - a->num_ended,
            .seconds = fmax(took - a->seconds - a->counter->seconds, 0),
        };
    return done;
}
