// SPDX-License-Identifier: GPL-3.0-or-later
//
// Between two pictures: both are taken up to one level, mixed there, and the run
// from the mix makes a picture (Ho, Jain & Abbeel, arXiv:2006.11239, figure 8).
// With the same noise in both, x mixes linearly. Noise of their own, drawn or
// found by inversion, mixes on the sphere, apart from the clean parts: a mean of
// independent noises would be too quiet, and a slerp of all of x too bright.
//
// All pictures of a run share its noise, so that they differ by their place
// between the two and by nothing else.

#include <math.h>
#include <string.h>

#include "job/entry.h"
#include "job/formula.h"
#include "job/picture.h"
#include "job/work.h"

static bool is_mixing(const SfmRun *run, const char *word)
{
    return strcmp(sfm_knobs_text(&run->request->knobs, "mixing"), word) == 0;
}

static bool enter(SfmRun *run, double *sigma, GError **error)
{
    const SfmScriptModel model = sfm_run_model(run);
    const double level = sfm_knobs_number(&run->request->knobs, "level");

    *sigma = sfm_entry_sigma(&model, sfm_network_table(run->network), level);
    return true;
}

// Of the second picture, 0 .. 1: the two themselves are not among the results.
static double share_of(const SfmRun *run, uint32_t index)
{
    return (index + 1.0) / (run->request->num_images + 1.0);
}

// ---- noise of their own -----------------------------------------------------

// Up the levels that the run will come down, by the same slope: DDIM's equation
// backwards (Song, Meng & Ermon, arXiv:2010.02502, section 4.3). At the lowest
// level the clean picture is taken for what lies there.
static bool go_up(SfmRun *run, SfmBuffer *x, SfmBuffer *x0, SfmBuffer *eps, GError **error)
{
    const SfmLevels *levels = &run->levels;

    for (size_t i = levels->num - 1; i > 0; i--) {
        const double a = levels->sigma[i], b = levels->sigma[i - 1];
        if (a > 0.0 && (!sfm_run_denoise(run, x, a, x0, eps, error) ||
                        !sfm_formula_mix(run->engine->runner, x, 1.0, x, b - a, eps, error)))
            return false;
    }
    return true;
}

// The unit noise that leads to picture i.
static bool invert(SfmRun *run, size_t i, SfmBuffer *x0, SfmBuffer *eps, GError **error)
{
    const double s = run->levels.sigma[0];
    SfmRunner *runner = run->engine->runner;
    SfmBuffer *x = run->latent[i];

    return sfm_formula_scale(runner, x, 1.0, run->given[i], error) &&
           go_up(run, x, x0, eps, error) &&
           sfm_formula_mix(runner, x, 1.0 / s, x, -1.0 / s, run->given[i], error);
}

static bool invert_both(SfmRun *run, GError **error)
{
    SfmRunner *runner = run->engine->runner;
    SfmBuffer *x0 = sfm_buffer_new(runner, run->shape, error);
    SfmBuffer *eps = x0 ? sfm_buffer_new(runner, run->shape, error) : NULL;
    const bool done = eps && invert(run, 0, x0, eps, error) && invert(run, 1, x0, eps, error);

    sfm_buffer_free(runner, x0);
    sfm_buffer_free(runner, eps);
    return done;
}

// The noises of both pictures, once for all results.
static bool make_latents(SfmRun *run, GError **error)
{
    if (run->latent[0])
        return true;
    for (uint32_t i = 0; i < 2; i++) {
        if (!(run->latent[i] = sfm_buffer_new(run->engine->runner, run->shape, error)) ||
            !sfm_run_noise(run, SFM_NOISE_START, i, run->latent[i], error))
            return false;
    }
    return !is_mixing(run, "inversion") || invert_both(run, error);
}

static bool read_latents(SfmRun *run, float *a, float *b, GError **error)
{
    return sfm_buffer_read(run->engine->runner, run->latent[0], a, error) &&
           sfm_buffer_read(run->engine->runner, run->latent[1], b, error);
}

// Products of two noises, and of each with itself.
typedef struct {
    double ab, aa, bb;
} Products;

static bool add_products(const SfmRun *run, const float *a, const float *b, Products *sum,
                         GError **error)
{
    const size_t count = sfm_shape_count(run->shape), row = run->shape.dim[3];

    for (size_t first = 0; first < count; first += row) {
        if (!sfm_run_goes_on(run, error))
            return false;
        for (size_t i = first; i < first + row; i++) {
            sum->ab += (double)a[i] * (double)b[i];
            sum->aa += (double)a[i] * (double)a[i];
            sum->bb += (double)b[i] * (double)b[i];
        }
    }
    return true;
}

// The angle between two noises; nearly a right one if they are independent.
static bool angle_between(SfmRun *run, double *angle, GError **error)
{
    const size_t count = sfm_shape_count(run->shape);
    g_autofree float *a = g_try_new(float, count), *b = g_try_new(float, count);
    Products sum = { 0 };

    if (!a || !b)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "no memory to mix two pictures");
    if (!read_latents(run, a, b, error) || !add_products(run, a, b, &sum, error))
        return false;
    *angle = acos(CLAMP(sum.ab / sqrt(fmax(sum.aa * sum.bb, 1e-30)), -1.0, 1.0));
    return true;
}

// Shoemake 1985, doi:10.1145/325334.325242: along the great circle. Noises that
// point the same way need none.
static bool mix_on_sphere(SfmRun *run, double share, SfmBuffer *out, GError **error)
{
    double angle = 0.0; // gcc -O3 does not see that failure returns

    if (!angle_between(run, &angle, error))
        return false;
    const double s = sin(angle);
    const double a = s > 1e-6 ? sin((1.0 - share) * angle) / s : 1.0 - share;
    const double b = s > 1e-6 ? sin(share * angle) / s : share;
    return sfm_formula_mix(run->engine->runner, out, a, run->latent[0], b, run->latent[1], error);
}

// ---- the start --------------------------------------------------------------

static bool make_noise(SfmRun *run, double share, SfmBuffer *out, GError **error)
{
    if (is_mixing(run, "linear"))
        return sfm_run_noise(run, SFM_NOISE_START, 0, out, error);
    return make_latents(run, error) && mix_on_sphere(run, share, out, error);
}

static bool start(SfmRun *run, GError **error)
{
    const double s = run->levels.sigma[0], share = share_of(run, run->first_image);
    SfmRunner *runner = run->engine->runner;

    return make_noise(run, share, run->x, error) &&
           sfm_formula_mix(runner, run->x, s, run->x, 1.0 - share, run->given[0], error) &&
           sfm_formula_mix(runner, run->x, 1.0, run->x, share, run->given[1], error);
}

// A picture without alpha is opaque.
static double alpha_of(const SfmPicture *picture, size_t pixel)
{
    const size_t channels = (size_t)picture->channels;
    return sfm_picture_has_alpha(picture) ? (double)picture->pixels[pixel * channels + channels - 1]
                                          : 1.0;
}

static bool finish(const SfmRun *run, uint32_t index, SfmImage *image, GError **error)
{
    const SfmPicture *given = run->request->inputs;
    const double share = share_of(run, index);
    const size_t width = (size_t)image->width, channels = (size_t)image->channels;

    for (size_t y = 0; sfm_picture_has_alpha(&given[0]) && y < (size_t)image->height; y++) {
        if (!sfm_run_goes_on(run, error))
            return false;
        for (size_t i = y * width; i < (y + 1) * width; i++) {
            const double alpha =
                (1.0 - share) * alpha_of(&given[0], i) + share * alpha_of(&given[1], i);
            image->pixels[i * channels + channels - 1] = (float)CLAMP(alpha, 0.0, 1.0);
        }
    }
    return true;
}

const SfmWork sfm_work_interpolate = {
    .enter = enter, .start = start, .finish = finish, .shares_noise = true, .keeps_noise = true
};
