// SPDX-License-Identifier: GPL-3.0-or-later
//
// The median of the finest diagonal wavelet coefficients, where a photograph has
// little but its noise (Donoho & Johnstone 1994, doi:10.1093/biomet/81.3.425,
// section 4.3). The wavelet is Daubechies' with two vanishing moments: slopes
// leave nothing in it.

#include "job/noise_level.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "job/picture.h"

enum { LEAST_SIDE = 8, TAPS = 4 };

// The median of |z| of a unit normal z.
#define MEDIAN_OF_NORMAL 0.6744897501960817

// Daubechies 1992, table 6.1; of unit energy, so that a coefficient of white
// noise has the noise's variance.
static const double high_pass[TAPS] = { -0.12940952255126034, -0.22414386804201339,
                                        0.83651630373780794, -0.48296291314453416 };

static float coefficient(const SfmPicture *p, int x, int y, int channel)
{
    double sum = 0.0;

    for (int j = 0; j < TAPS; j++) {
        for (int i = 0; i < TAPS; i++) {
            const size_t at = (size_t)(y + j) * (size_t)p->width + (size_t)(x + i);
            sum += high_pass[i] * high_pass[j] *
                   (double)p->pixels[at * (size_t)p->channels + (size_t)channel];
        }
    }
    return (float)fabs(sum);
}

static int compare(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

// Of one channel; `values` is room for a quarter of the pixels.
static double level_of(const SfmPicture *p, int channel, float *values)
{
    size_t num = 0;

    for (int y = 0; y + TAPS <= p->height; y += 2) {
        for (int x = 0; x + TAPS <= p->width; x += 2)
            values[num++] = coefficient(p, x, y, channel);
    }
    qsort(values, num, sizeof *values, compare);
    return (double)values[num / 2] / MEDIAN_OF_NORMAL;
}

bool sfm_noise_level(const SfmPicture *p, double *sigma, GError **error)
{
    if (p->width < LEAST_SIDE || p->height < LEAST_SIDE)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "sigma: %dx%d pixels are too few to estimate their noise; say it", p->width,
                        p->height);

    const int colours = sfm_picture_colours(p);
    g_autofree float *values = g_try_new(float, ((size_t)p->width / 2) * ((size_t)p->height / 2));
    if (!values)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "no memory to estimate the noise of %dx%d",
                        p->width, p->height);
    *sigma = 0.0;
    for (int c = 0; c < colours; c++)
        *sigma += level_of(p, c, values) / colours;
    return true;
}
