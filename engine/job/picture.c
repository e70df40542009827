// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/picture.h"

#include <math.h>
#include <string.h>

enum { HASH_PIECE = 4096 }; // floats at once

// ITU-R BT.709, of encoded values.
static float luma(const float *rgb)
{
    return 0.2126F * rgb[0] + 0.7152F * rgb[1] + 0.0722F * rgb[2];
}

// ---- checks -----------------------------------------------------------------

static bool check_row(const SfmPicture *p, int y, const char *what, GError **error)
{
    const size_t channels = (size_t)p->channels, size = (size_t)p->width * channels;
    const float *row = p->pixels + (size_t)y * size;

    for (size_t i = 0; i < size; i++) {
        if (!isfinite(row[i]))
            return sfm_fail(error, SFM_ERROR_BAD_NUMBER, "%s: pixel (%zu, %d) is %g", what,
                            i / channels, y, (double)row[i]);
    }
    return true;
}

static bool check_finite(const SfmPicture *p, const char *what, SfmCancel *cancel, GError **error)
{
    for (int y = 0; y < p->height; y++) {
        if (!sfm_cancel_check(cancel, error) || !check_row(p, y, what, error))
            return false;
    }
    return true;
}

static bool check_one(const SfmPicture *p, const char *what, GError **error)
{
    if (!p->pixels && p->width == 0)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "%s: none was given", what);
    if (p->width < 1 || p->height < 1)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "%s: %dx%d is empty; choose one that has pixels", what, p->width,
                        p->height);
    if (p->channels < 1 || p->channels > 4)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "%s: has %d channels; gray or RGB, with alpha or without, have 1 to 4",
                        what, p->channels);
    return true;
}

// Alone, each would do.
static bool check_together(const SfmPicture *first, const SfmPicture *p, const char *first_name,
                           const char *name, GError **error)
{
    return (p->width == first->width && p->height == first->height) ||
           sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                    "%s: is %dx%d and %s is %dx%d; scale or crop one to the size of the other",
                    name, p->width, p->height, first_name, first->width, first->height);
}

static bool check_channels(const SfmPicture *p, const char *what, const SfmModel *model,
                           uint32_t channels, GError **error)
{
    return sfm_picture_colours(p) == 1 || channels == 3 ||
           sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                    "%s: is in colour and %s makes gray pictures; turn it to gray, or choose "
                    "another model",
                    what, model->name);
}

static bool check_mask(const SfmPicture *p, const char *what, SfmCancel *cancel, GError **error)
{
    const size_t width = (size_t)p->width;

    for (size_t y = 0; y < (size_t)p->height; y++) {
        if (!sfm_cancel_check(cancel, error))
            return false;
        for (size_t x = 0; x < width; x++) {
            if (sfm_mask_at(p, y * width + x) > 0.0F)
                return true;
        }
    }
    return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                    "%s: is black everywhere; make white what is to be painted", what);
}

static bool is_mask(const SfmJobInfo *job, size_t i)
{
    return job->masked && !job->inputs[i + 1];
}

bool sfm_pictures_check(const SfmJobInfo *job, const SfmPicture *inputs, const SfmModel *model,
                        uint32_t channels, SfmExtent *size, GError **error)
{
    for (size_t i = 0; job->inputs[i]; i++) {
        const char *what = job->inputs[i];
        if (!check_one(&inputs[i], what, error) ||
            !check_together(&inputs[0], &inputs[i], job->inputs[0], what, error) ||
            !(is_mask(job, i) || check_channels(&inputs[i], what, model, channels, error)))
            return false;
    }
    return sfm_size_choose(model, inputs[0].width, inputs[0].height, size, error);
}

bool sfm_pictures_check_pixels(const SfmJobInfo *job, const SfmPicture *inputs, SfmCancel *cancel,
                               GError **error)
{
    for (size_t i = 0; job->inputs[i]; i++) {
        const char *what = job->inputs[i];
        if (!inputs[i].pixels)
            return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "%s: none was given", what);
        if (!check_finite(&inputs[i], what, cancel, error) ||
            (is_mask(job, i) && !check_mask(&inputs[i], what, cancel, error)))
            return false;
    }
    return true;
}

// ---- to x -------------------------------------------------------------------

bool sfm_data_is_unit(const SfmModel *model)
{
    return model->scheduler.prediction == SFM_PREDICT_SCORE;
}

// Pixel i of 0 .. size - 1, and beyond the end the same again backwards.
static uint32_t mirror(uint32_t i, uint32_t size)
{
    const uint32_t at = i % (2 * size);
    return at < size ? at : 2 * size - 1 - at;
}

static bool fill_plane(const SfmPicture *p, uint32_t channel, bool unit, SfmShape shape, float *x,
                       SfmCancel *cancel, GError **error)
{
    for (uint32_t row = 0; row < shape.dim[2]; row++) {
        if (!sfm_cancel_check(cancel, error))
            return false;
        const size_t from = (size_t)mirror(row, (uint32_t)p->height) * (size_t)p->width;
        for (uint32_t column = 0; column < shape.dim[3]; column++) {
            const size_t pixel = from + mirror(column, (uint32_t)p->width);
            const float v = p->pixels[pixel * (size_t)p->channels + channel];
            *x++ = unit ? v : 2.0F * v - 1.0F;
        }
    }
    return true;
}

bool sfm_picture_to_x(const SfmPicture *p, const SfmModel *model, SfmShape shape, float *x,
                      SfmCancel *cancel, GError **error)
{
    const size_t plane = (size_t)shape.dim[2] * shape.dim[3];
    const bool gray = sfm_picture_colours(p) == 1, unit = sfm_data_is_unit(model);

    for (uint32_t c = 0; c < shape.dim[1]; c++) {
        if (!fill_plane(p, gray ? 0 : c, unit, shape, x + c * plane, cancel, error))
            return false;
    }
    return true;
}

float sfm_picture_luma(const SfmPicture *p, size_t i)
{
    const float *pixel = p->pixels + i * (size_t)p->channels;
    return sfm_picture_colours(p) == 1 ? pixel[0] : luma(pixel);
}

float sfm_mask_at(const SfmPicture *mask, size_t i)
{
    const float *pixel = mask->pixels + i * (size_t)mask->channels;
    const float value = sfm_picture_luma(mask, i);
    const float alpha = sfm_picture_has_alpha(mask) ? pixel[mask->channels - 1] : 1.0F;

    return CLAMP(value, 0.0F, 1.0F) * CLAMP(alpha, 0.0F, 1.0F);
}

bool sfm_mask_to_x(const SfmPicture *mask, SfmShape shape, float *x, SfmCancel *cancel,
                   GError **error)
{
    const size_t plane = (size_t)shape.dim[2] * shape.dim[3];
    float *to = x;

    for (uint32_t row = 0; row < shape.dim[2]; row++) {
        if (!sfm_cancel_check(cancel, error))
            return false;
        const size_t from = (size_t)mirror(row, (uint32_t)mask->height) * (size_t)mask->width;
        for (uint32_t column = 0; column < shape.dim[3]; column++)
            *to++ = sfm_mask_at(mask, from + mirror(column, (uint32_t)mask->width));
    }
    for (uint32_t c = 1; c < shape.dim[1]; c++)
        memcpy(x + c * plane, x, plane * sizeof(float));
    return sfm_cancel_check(cancel, error);
}

// ---- back -------------------------------------------------------------------

static void dress_pixel(const SfmPicture *like, const float *in, int in_channels,
                        const float *given, float *out)
{
    const int colours = sfm_picture_colours(like);

    for (int c = 0; c < colours; c++)
        out[c] = in_channels == 1 ? in[0] : colours == 1 ? luma(in) : in[c];
    if (sfm_picture_has_alpha(like))
        out[colours] = CLAMP(given[colours], 0.0F, 1.0F);
}

bool sfm_picture_dress(const SfmPicture *like, SfmImage *image, SfmCancel *cancel, GError **error)
{
    const size_t width = (size_t)like->width, height = (size_t)like->height;
    const size_t in = (size_t)image->channels, out = (size_t)like->channels;
    g_autofree float *pixels = g_try_new(float, width *height *out);

    if (!pixels)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "no memory for a picture of %dx%d", like->width,
                        like->height);
    for (size_t y = 0; y < height; y++) {
        if (!sfm_cancel_check(cancel, error))
            return false;
        for (size_t i = y * width; i < (y + 1) * width; i++)
            dress_pixel(like, image->pixels + i * in, image->channels, like->pixels + i * out,
                        pixels + i * out);
    }
    g_free(image->pixels);
    image->pixels = g_steal_pointer(&pixels);
    image->channels = like->channels;
    return true;
}

// Low bytes first, on every machine.
static void hash_floats(GChecksum *sum, const float *floats, size_t num)
{
    guint32 bits[HASH_PIECE];

    memcpy(bits, floats, num * sizeof(float));
    for (size_t i = 0; i < num; i++)
        bits[i] = GUINT32_TO_LE(bits[i]);
    g_checksum_update(sum, (const guchar *)bits, (gssize)(num * sizeof *bits));
}

char *sfm_picture_hash(const SfmPicture *p, SfmCancel *cancel, GError **error)
{
    const size_t num = (size_t)p->width * (size_t)p->height * (size_t)p->channels;
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    const guint32 size[] = { GUINT32_TO_LE((guint32)p->width), GUINT32_TO_LE((guint32)p->height),
                             GUINT32_TO_LE((guint32)p->channels) };

    g_checksum_update(sum, (const guchar *)size, sizeof size);
    for (size_t i = 0; i < num; i += HASH_PIECE) {
        if (!sfm_cancel_check(cancel, error))
            return NULL;
        hash_floats(sum, p->pixels + i, MIN(HASH_PIECE, num - i));
    }
    return g_strdup(g_checksum_get_string(sum));
}
