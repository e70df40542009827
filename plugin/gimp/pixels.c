// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pictures are sRGB-encoded, hence the primed formats: R'G'B'A and Y'A. Written
// as linear RGB, a middle gray of 0.5 would become 188 of 255 instead of 128.
#include "gimp/pixels.h"

#include <math.h>

enum { BAND = 64 }; // rows at a time: the copy stays small beside the image

static bool check_finite(const SfmImage *image, GError **error)
{
    const size_t row = (size_t)image->width * (size_t)image->channels;
    for (size_t i = 0; i < row * (size_t)image->height; i++) {
        if (isfinite(image->pixels[i]))
            continue;
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_NUMBER, "the picture has a %f in row %zu",
                    (double)image->pixels[i], i / row);
        return false;
    }
    return true;
}

// A gray picture stays gray in a gray buffer, so that no rounding creeps in by
// way of three weights.
static bool stays_gray(const SfmImage *image, const Babl *format)
{
    return image->channels == 1 && babl_format_get_n_components(format) <= 2;
}

// `num_rows` rows from row y on, clamped, with an opaque alpha behind the colours.
static void fill_band(const SfmImage *image, int y, int num_rows, int num_colours, float *band)
{
    const size_t num_pixels = (size_t)image->width * (size_t)num_rows;
    const float *from = image->pixels + (size_t)y * (size_t)image->width * (size_t)image->channels;
    for (size_t i = 0; i < num_pixels; i++) {
        for (int c = 0; c < num_colours; c++)
            *band++ = CLAMP(from[MIN(c, image->channels - 1)], 0.0F, 1.0F);
        *band++ = 1.0F;
        from += image->channels;
    }
}

// NULL where the profile says what the buffer's format says anyway.
static GimpColorTransform *transform_to(GimpColorProfile *profile, const Babl *from, const Babl *to)
{
    if (!profile)
        return NULL;
    g_autoptr(GObject) srgb = G_OBJECT(gimp_color_profile_new_rgb_srgb());
    return gimp_color_transform_new((GimpColorProfile *)srgb, from, profile, to,
                                    GIMP_COLOR_RENDERING_INTENT_RELATIVE_COLORIMETRIC,
                                    GIMP_COLOR_TRANSFORM_FLAGS_BLACK_POINT_COMPENSATION);
}

bool sfm_pixels_write(const SfmImage *image, GeglBuffer *buffer, GimpColorProfile *profile,
                      GError **error)
{
    if (!check_finite(image, error))
        return false;
    const Babl *native = gegl_buffer_get_format(buffer);
    const bool gray = stays_gray(image, native);
    const Babl *ours = babl_format(gray ? "Y'A float" : "R'G'B'A float");
    const size_t band_pixels = (size_t)image->width * BAND;
    g_autofree float *band = g_try_malloc_n(band_pixels, 4 * sizeof(float));
    g_autofree void *converted =
        g_try_malloc_n(band_pixels, (size_t)babl_format_get_bytes_per_pixel(native));
    if (!band || !converted) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY, "no memory for %d rows of %d pixels",
                    BAND, image->width);
        return false;
    }
    g_autoptr(GObject) transform = (GObject *)transform_to(profile, ours, native);
    for (int y = 0; y < image->height; y += BAND) {
        const int num_rows = MIN(BAND, image->height - y);
        const GeglRectangle area = { 0, y, image->width, num_rows };
        fill_band(image, y, num_rows, gray ? 1 : 3, band);
        if (transform)
            gimp_color_transform_process_pixels((GimpColorTransform *)transform, ours, band, native,
                                                converted, (gsize)image->width * (gsize)num_rows);
        gegl_buffer_set(buffer, &area, 0, transform ? native : ours,
                        transform ? converted : (void *)band, GEGL_AUTO_ROWSTRIDE);
    }
    return true;
}
