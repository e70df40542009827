// SPDX-License-Identifier: GPL-3.0-or-later
#include <sfumato/measure.h>

#include <math.h>

#include "base/error.h"
#include "base/philox.h"
#include "job/noise_level.h"
#include "job/picture.h"

// Apart from what samplers and jobs draw, of the same seed too.
enum { MEASURE_STREAM = 0x50000000 };

bool sfm_picture_add_noise(const SfmPicture *p, double sigma, int64_t seed, float *noisy,
                           GError **error)
{
    const size_t num = (size_t)p->width * (size_t)p->height, channels = (size_t)p->channels;
    const size_t colours = (size_t)sfm_picture_colours(p);
    const SfmNoiseKey key = { .seed = (uint32_t)seed, .stream = MEASURE_STREAM };
    g_autofree float *normals = g_try_new(float, num *colours);

    if (!normals)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "no memory for the noise of %dx%d pixels",
                        p->width, p->height);
    sfm_philox_normals(key, normals, num * colours);
    for (size_t i = 0; i < num; i++) {
        for (size_t c = 0; c < channels; c++)
            noisy[i * channels + c] =
                p->pixels[i * channels + c] +
                (c < colours ? (float)sigma * normals[i * colours + c] : 0.0F);
    }
    return true;
}

bool sfm_picture_noise(const SfmPicture *picture, double *sigma, GError **error)
{
    g_return_val_if_fail(picture && picture->pixels && sigma, false);

    return sfm_noise_level(picture, sigma, NULL, error);
}

double sfm_picture_psnr(const SfmPicture *a, const SfmPicture *b)
{
    g_return_val_if_fail(a->width == b->width && a->height == b->height, NAN);
    g_return_val_if_fail(sfm_picture_colours(a) == sfm_picture_colours(b), NAN);

    const size_t num = (size_t)a->width * (size_t)a->height;
    const int colours = sfm_picture_colours(a);
    double sum = 0.0;

    for (size_t i = 0; i < num; i++) {
        for (int c = 0; c < colours; c++) {
            const double d = (double)a->pixels[i * (size_t)a->channels + (size_t)c] -
                             (double)b->pixels[i * (size_t)b->channels + (size_t)c];
            sum += d * d;
        }
    }
    return -10.0 * log10(sum / (double)num / colours);
}

// ---- structural similarity --------------------------------------------------

enum { WINDOW = 11 };

#define WINDOW_SIGMA 1.5
#define C1           (0.01 * 0.01) // of a range of 1
#define C2           (0.03 * 0.03)

// Sums to 1 over the window, and so does its square over both directions.
static void fill_weights(double weights[WINDOW])
{
    double sum = 0.0;

    for (int i = 0; i < WINDOW; i++) {
        const double at = (i - WINDOW / 2) / WINDOW_SIGMA;
        sum += weights[i] = exp(-at * at / 2.0);
    }
    for (int i = 0; i < WINDOW; i++)
        weights[i] /= sum;
}

// Means, variances and covariance of one window.
typedef struct {
    double a, b, aa, bb, ab;
} Moments;

static double similarity_of(const Moments *m)
{
    const double variance_a = m->aa - m->a * m->a, variance_b = m->bb - m->b * m->b;
    const double covariance = m->ab - m->a * m->b;

    return (2.0 * m->a * m->b + C1) * (2.0 * covariance + C2) /
           ((m->a * m->a + m->b * m->b + C1) * (variance_a + variance_b + C2));
}

static double similarity_at(const SfmPicture *a, const SfmPicture *b, const double *weights, int x,
                            int y)
{
    Moments m = { 0 };

    for (int j = 0; j < WINDOW; j++) {
        for (int i = 0; i < WINDOW; i++) {
            const size_t at = (size_t)(y + j) * (size_t)a->width + (size_t)(x + i);
            const double w = weights[i] * weights[j];
            const double p = sfm_picture_luma(a, at), q = sfm_picture_luma(b, at);
            m.a += w * p;
            m.b += w * q;
            m.aa += w * p * p;
            m.bb += w * q * q;
            m.ab += w * p * q;
        }
    }
    return similarity_of(&m);
}

double sfm_picture_ssim(const SfmPicture *a, const SfmPicture *b)
{
    g_return_val_if_fail(a->width == b->width && a->height == b->height, NAN);

    const int across = a->width - WINDOW + 1, down = a->height - WINDOW + 1;
    double weights[WINDOW], sum = 0.0;

    if (across < 1 || down < 1)
        return NAN;
    fill_weights(weights);
    for (int y = 0; y < down; y++) {
        for (int x = 0; x < across; x++)
            sum += similarity_at(a, b, weights, x, y);
    }
    return sum / across / down;
}
