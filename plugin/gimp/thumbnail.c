// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pixel (x, y) is the mean of the picture's pixels whose corners lie in its part
// of the picture, or the nearest one where the picture is smaller.
#include "gimp/thumbnail.h"

#include <math.h>
#include <string.h>

void sfm_thumbnail_clear(SfmThumbnail *thumbnail)
{
    g_free(thumbnail->pixels);
    *thumbnail = (SfmThumbnail){ 0 };
}

// From `begin` up to `end`, never empty, in the `size` pixels of one side.
typedef struct {
    int begin, end;
} Range;

static Range range_at(int at, int shown, int size)
{
    const int begin = (int)((int64_t)at * size / shown);
    const int end = (int)((int64_t)(at + 1) * size / shown);
    return (Range){ begin, MAX(end, begin + 1) };
}

static guint8 mean(const SfmImage *image, Range x, Range y, int channel)
{
    double sum = 0.0;
    for (int j = y.begin; j < y.end; j++)
        for (int i = x.begin; i < x.end; i++)
            sum += image->pixels[((size_t)j * (size_t)image->width + (size_t)i) *
                                     (size_t)image->channels +
                                 (size_t)channel];
    const double value = sum / ((double)(x.end - x.begin) * (y.end - y.begin));
    return value > 0.0 ? (guint8)lround(fmin(value, 1.0) * 255.0) : 0; // NaN is not above 0
}

void sfm_thumbnail_make(const SfmImage *image, SfmThumbnail *thumbnail)
{
    const double scale = (double)SFM_THUMBNAIL_SIZE / MAX(image->width, image->height);
    const int width = MAX((int)lround(image->width * scale), 1);
    const int height = MAX((int)lround(image->height * scale), 1);
    const bool colour = image->channels >= 3;
    guint8 *pixels = g_malloc((gsize)width * (gsize)height * 3);
    *thumbnail = (SfmThumbnail){ width, height, pixels };
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            for (int c = 0; c < 3; c++)
                *pixels++ = mean(image, range_at(x, width, image->width),
                                 range_at(y, height, image->height), colour ? c : 0);
}

void sfm_thumbnail_copy(const GdkPixbuf *picture, SfmThumbnail *thumbnail)
{
    const int width = gdk_pixbuf_get_width(picture), height = gdk_pixbuf_get_height(picture);
    const int channels = gdk_pixbuf_get_n_channels(picture);
    const guint8 *row = gdk_pixbuf_read_pixels(picture);
    guint8 *pixels = g_malloc((gsize)width * (gsize)height * 3);
    *thumbnail = (SfmThumbnail){ width, height, pixels };
    for (int y = 0; y < height; y++, row += gdk_pixbuf_get_rowstride(picture))
        for (int x = 0; x < width; x++, pixels += 3)
            memcpy(pixels, row + x * channels, 3);
}

void sfm_thumbnail_make_empty(SfmThumbnail *thumbnail)
{
    enum { CHECK = 8, DARK = 102, LIGHT = 153 };
    const int size = SFM_THUMBNAIL_SIZE;
    guint8 *pixels = g_malloc((gsize)size * (gsize)size * 3);
    *thumbnail = (SfmThumbnail){ size, size, pixels };
    for (int y = 0; y < size; y++)
        for (int x = 0; x < size; x++, pixels += 3)
            memset(pixels, (x / CHECK + y / CHECK) % 2 ? DARK : LIGHT, 3);
}
