// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pull and push (Gortler et al. 1996, The Lumigraph, section 4.3.2): means over
// twice and twice the size, weighted by alpha, until there is one pixel; then back,
// where each hole takes what the coarser size has there, between its pixels.

#include "job/hidden.h"

#include <string.h>

#include "base/error.h"
#include "job/picture.h"

// Of one size.
typedef struct {
    int width, height, channels; // alpha is the last
    float *pixels;               // owned but on the first
} Size;

static float *pixel_of(const Size *s, int x, int y)
{
    const size_t column = (size_t)CLAMP(x, 0, s->width - 1),
                 row = (size_t)CLAMP(y, 0, s->height - 1);
    return s->pixels + (row * (size_t)s->width + column) * (size_t)s->channels;
}

// Adds the weighted colours of a pixel, and its weight.
static void gather(const Size *fine, int x, int y, double *sums)
{
    if (x >= fine->width || y >= fine->height)
        return;
    const float *pixel = pixel_of(fine, x, y);
    const int colours = fine->channels - 1;
    for (int c = 0; c < colours; c++)
        sums[c] += (double)pixel[c] * (double)pixel[colours];
    sums[colours] += (double)pixel[colours];
}

// A pixel of the coarser size: the weight is alpha's sum, at most 1.
static void pull_pixel(const Size *fine, int x, int y, float *out)
{
    const int colours = fine->channels - 1;
    double sums[4] = { 0 };

    for (int i = 0; i < 4; i++)
        gather(fine, 2 * x + i % 2, 2 * y + i / 2, sums);
    for (int c = 0; c < colours; c++)
        out[c] = sums[colours] > 0.0 ? (float)(sums[c] / sums[colours]) : 0.0F;
    out[colours] = (float)MIN(sums[colours], 1.0);
}

static bool no_memory(int width, int height, GError **error)
{
    return sfm_fail(error, SFM_ERROR_NO_MEMORY, "no memory for a picture of %dx%d", width, height);
}

static bool pull(const Size *fine, Size *coarse, SfmCancel *cancel, GError **error)
{
    *coarse = (Size){ (fine->width + 1) / 2, (fine->height + 1) / 2, fine->channels, NULL };
    coarse->pixels = g_try_malloc_n((size_t)coarse->width * (size_t)coarse->height,
                                    (size_t)coarse->channels * sizeof(float));
    if (!coarse->pixels)
        return no_memory(coarse->width, coarse->height, error);
    for (int y = 0; y < coarse->height; y++) {
        if (!sfm_cancel_check(cancel, error))
            return false;
        for (int x = 0; x < coarse->width; x++)
            pull_pixel(fine, x, y, pixel_of(coarse, x, y));
    }
    return true;
}

// Between the four pixels of the coarser size that are nearest.
static void push_pixel(const Size *coarse, int x, int y, float *out)
{
    const int left = (x + 1) / 2 - 1, top = (y + 1) / 2 - 1;
    const float right_share = x % 2 ? 0.25F : 0.75F, low_share = y % 2 ? 0.25F : 0.75F;

    for (int c = 0; c + 1 < coarse->channels; c++) {
        const float upper = (1.0F - right_share) * pixel_of(coarse, left, top)[c] +
                            right_share * pixel_of(coarse, left + 1, top)[c];
        const float lower = (1.0F - right_share) * pixel_of(coarse, left, top + 1)[c] +
                            right_share * pixel_of(coarse, left + 1, top + 1)[c];
        out[c] = (1.0F - low_share) * upper + low_share * lower;
    }
}

static bool push(const Size *coarse, Size *fine, SfmCancel *cancel, GError **error)
{
    for (int y = 0; y < fine->height; y++) {
        if (!sfm_cancel_check(cancel, error))
            return false;
        for (int x = 0; x < fine->width; x++) {
            float *pixel = pixel_of(fine, x, y);
            if (pixel[fine->channels - 1] <= 0.0F)
                push_pixel(coarse, x, y, pixel);
        }
    }
    return true;
}

enum { MAX_SIZES = 33 }; // an int has 31 bits

static void free_sizes(Size *sizes)
{
    for (int i = 1; i < MAX_SIZES; i++)
        g_free(sizes[i].pixels);
}

static bool fill(const Size *whole, SfmCancel *cancel, GError **error)
{
    Size sizes[MAX_SIZES] = { *whole };
    int last = 0;
    bool done = true;

    while (done && (sizes[last].width > 1 || sizes[last].height > 1)) {
        done = pull(&sizes[last], &sizes[last + 1], cancel, error);
        last++;
    }
    for (int i = last; done && i > 0; i--)
        done = push(&sizes[i], &sizes[i - 1], cancel, error);
    free_sizes(sizes);
    return done;
}

bool sfm_hidden_at(const SfmPicture *p, size_t i)
{
    const size_t channels = (size_t)p->channels;
    return sfm_picture_has_alpha(p) && p->pixels[i * channels + channels - 1] <= 0.0F;
}

static bool count_hidden(const SfmPicture *p, size_t *count, SfmCancel *cancel, GError **error)
{
    const size_t width = (size_t)p->width;

    *count = 0;
    for (size_t y = 0; sfm_picture_has_alpha(p) && y < (size_t)p->height; y++) {
        if (!sfm_cancel_check(cancel, error))
            return false;
        for (size_t x = 0; x < width; x++)
            *count += sfm_hidden_at(p, y * width + x);
    }
    return true;
}

bool sfm_hidden_fill(const SfmPicture *p, float **filled, SfmCancel *cancel, GError **error)
{
    const size_t num_pixels = (size_t)p->width * (size_t)p->height;
    const size_t num = num_pixels * (size_t)p->channels;
    size_t hidden;

    *filled = NULL;
    if (!count_hidden(p, &hidden, cancel, error))
        return false;
    if (hidden == 0 || hidden == num_pixels)
        return true;
    g_autofree float *pixels = g_try_new(float, num);
    if (!pixels)
        return no_memory(p->width, p->height, error);
    memcpy(pixels, p->pixels, num * sizeof(float));
    if (!fill(&(Size){ p->width, p->height, p->channels, pixels }, cancel, error))
        return false;
    *filled = g_steal_pointer(&pixels);
    return true;
}

static void keep_row(const SfmPicture *p, size_t first, SfmImage *image)
{
    const size_t channels = (size_t)p->channels;

    for (size_t i = first; i < first + (size_t)p->width; i++) {
        float *pixel = image->pixels + i * channels;
        if (sfm_hidden_at(p, i) && pixel[channels - 1] <= 0.0F)
            memcpy(pixel, p->pixels + i * channels, channels * sizeof(float));
    }
}

bool sfm_hidden_keep(const SfmPicture *p, SfmImage *image, SfmCancel *cancel, GError **error)
{
    for (size_t y = 0; sfm_picture_has_alpha(p) && y < (size_t)p->height; y++) {
        if (!sfm_cancel_check(cancel, error))
            return false;
        keep_row(p, y * (size_t)p->width, image);
    }
    return true;
}
