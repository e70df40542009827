// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pictures are sRGB-encoded, hence the primed formats: R'G'B'A and Y'A. Written
// as linear RGB, a middle gray of 0.5 would become 188 of 255 instead of 128.
#include "gimp/pixels.h"

#include <math.h>
#include <string.h>

#include "common/translation.h"
#include "gimp/encoding.h"

enum { BAND = 64 }; // rows at a time: the copies stay small beside the image

static const char *const formats[] = { "Y' float", "Y'A float", "R'G'B' float", "R'G'B'A float" };

static bool has_alpha(int channels)
{
    return channels == 2 || channels == 4;
}

// ---- bands ------------------------------------------------------------------

// So many rows on their way.
typedef struct {
    float *floats; // owned
    void *native;  // as the buffer has them; owned
} Band;

static void band_clear(Band *band)
{
    g_free(band->floats);
    g_free(band->native);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Band, band_clear)

static bool no_memory(int width, int height, GError **error)
{
    g_set_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY, _("no memory for %d x %d pixels"), width,
                height);
    return false;
}

static bool band_init(Band *band, int width, const Babl *native, GError **error)
{
    const size_t num_pixels = (size_t)width * BAND;

    band->floats = g_try_malloc_n(num_pixels, 4 * sizeof(float));
    band->native = g_try_malloc_n(num_pixels, (size_t)babl_format_get_bytes_per_pixel(native));
    return (band->floats && band->native) || no_memory(width, BAND, error);
}

// The band of an area that begins y rows below its top.
static GeglRectangle band_area(const GeglRectangle *area, int y)
{
    return (GeglRectangle){ area->x, area->y + y, area->width, MIN(BAND, area->height - y) };
}

static size_t num_pixels_in(const GeglRectangle *area)
{
    return (size_t)area->width * (size_t)area->height;
}

static void get_native(GeglBuffer *buffer, const GeglRectangle *area, Band *band)
{
    gegl_buffer_get(buffer, area, 1.0, gegl_buffer_get_format(buffer), band->native,
                    GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
}

static void set_native(GeglBuffer *buffer, const GeglRectangle *area, const Band *band)
{
    gegl_buffer_set(buffer, area, 0, gegl_buffer_get_format(buffer), band->native,
                    GEGL_AUTO_ROWSTRIDE);
}

// ---- reading ----------------------------------------------------------------

static bool pixels_init(SfmPixels *pixels, const GeglRectangle *area, int channels, GError **error)
{
    *pixels = (SfmPixels){ .area = *area, .channels = channels };
    pixels->pixels = g_try_malloc_n(num_pixels_in(area), (size_t)channels * sizeof(float));
    return pixels->pixels || no_memory(area->width, area->height, error);
}

void sfm_pixels_clear(SfmPixels *pixels)
{
    g_free(pixels->pixels);
    *pixels = (SfmPixels){ 0 };
}

SfmPicture sfm_pixels_picture(const SfmPixels *p)
{
    return (SfmPicture){ p->area.width, p->area.height, p->channels, p->pixels };
}

static bool refuse_pixel(const SfmPixels *p, size_t pixel, GError **error)
{
    const size_t width = (size_t)p->area.width;
    const int x = p->area.x + (int)(pixel % width), y = p->area.y + (int)(pixel / width);

    g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT,
                _("pixel (%d, %d) of the layer is not a number; paint over it, or choose "
                  "Image > Precision > 8 bit integer"),
                x, y);
    return false;
}

// Whether nobody can see the pixel's colour.
static bool is_hidden(const SfmPixels *p, size_t pixel)
{
    const size_t channels = (size_t)p->channels;
    return has_alpha(p->channels) && p->pixels[pixel * channels + channels - 1] <= 0.0F;
}

static bool clamp(SfmPixels *p, GError **error)
{
    const size_t channels = (size_t)p->channels, num = num_pixels_in(&p->area) * channels;

    for (size_t i = 0; i < num; i++) {
        float *value = &p->pixels[i];
        if (!isnan(*value))
            *value = CLAMP(*value, 0.0F, 1.0F);
        else if (is_hidden(p, i / channels))
            *value = 0.0F;
        else
            return refuse_pixel(p, i / channels, error);
    }
    return true;
}

static bool read_bands(GeglBuffer *buffer, const SfmEncoding *encoding, SfmPixels *out,
                       GError **error)
{
    float *to = out->pixels;
    g_auto(Band) band = { 0 };

    if (!band_init(&band, out->area.width, encoding->native, error))
        return false;
    for (int y = 0; y < out->area.height; y += BAND) {
        const GeglRectangle area = band_area(&out->area, y);
        get_native(buffer, &area, &band);
        sfm_encoding_read(encoding, band.native, to, num_pixels_in(&area));
        to += num_pixels_in(&area) * (size_t)out->channels;
    }
    return clamp(out, error);
}

bool sfm_pixels_read(GeglBuffer *buffer, const GeglRectangle *area, GimpColorProfile *profile,
                     SfmPixels *out, GError **error)
{
    const Babl *native = gegl_buffer_get_format(buffer);
    const int channels = babl_format_get_n_components(native);
    g_auto(SfmPixels) pixels = { 0 };
    g_auto(SfmEncoding) encoding = { 0 };

    g_return_val_if_fail(channels >= 1 && channels <= 4, false);
    g_return_val_if_fail(!gegl_rectangle_is_empty(area), false);
    g_return_val_if_fail(gegl_rectangle_contains(gegl_buffer_get_extent(buffer), area), false);
    if (!pixels_init(&pixels, area, channels, error))
        return false;
    sfm_encoding_init(&encoding, SFM_ENCODING_READ, native, babl_format(formats[channels - 1]),
                      profile);
    if (!read_bands(buffer, &encoding, &pixels, error))
        return false;
    *out = pixels;
    pixels = (SfmPixels){ 0 };
    return true;
}

bool sfm_pixels_read_mask(GeglBuffer *selection, const GeglRectangle *area, SfmPixels *out,
                          GError **error)
{
    g_auto(SfmPixels) pixels = { 0 };

    if (!pixels_init(&pixels, area, 1, error))
        return false;
    gegl_buffer_get(selection, area, 1.0, babl_format("Y float"), pixels.pixels,
                    GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    if (!clamp(&pixels, error))
        return false;
    *out = pixels;
    pixels = (SfmPixels){ 0 };
    return true;
}

// ---- writing ----------------------------------------------------------------

static bool check_finite(const SfmImage *image, GError **error)
{
    const size_t row = (size_t)image->width * (size_t)image->channels;
    for (size_t i = 0; i < row * (size_t)image->height; i++) {
        if (isfinite(image->pixels[i]))
            continue;
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_NUMBER, _("the picture has a %f in row %zu"),
                    (double)image->pixels[i], i / row);
        return false;
    }
    return true;
}

// A gray picture stays gray in a gray buffer, so that no rounding creeps in by
// way of three weights.
static int channels_to_write(const SfmImage *image, const Babl *native)
{
    const int native_channels = babl_format_get_n_components(native);
    const int colours = image->channels <= 2 && native_channels <= 2 ? 1 : 3;
    return colours + (has_alpha(native_channels) ? 1 : 0);
}

// Pixels of the image from its row y on, in so many channels, clamped, and opaque
// where the image has no alpha.
static void fill_band(const SfmImage *image, int y, int channels, size_t num_pixels, float *band)
{
    const int colours = channels - (has_alpha(channels) ? 1 : 0);
    const int own_colours = image->channels - (has_alpha(image->channels) ? 1 : 0);
    const float *from = image->pixels + (size_t)y * (size_t)image->width * (size_t)image->channels;

    for (size_t i = 0; i < num_pixels; i++) {
        for (int c = 0; c < colours; c++)
            *band++ = CLAMP(from[MIN(c, own_colours - 1)], 0.0F, 1.0F);
        if (has_alpha(channels))
            *band++ = has_alpha(image->channels) ? CLAMP(from[own_colours], 0.0F, 1.0F) : 1.0F;
        from += image->channels;
    }
}

// Takes the bytes of what has not changed, colour and alpha each, from `kept`.
static void keep_unchanged(const float *floats, const float *before, const uint8_t *kept,
                           uint8_t *native, int channels, size_t num_pixels, size_t pixel_size)
{
    const size_t alphas = has_alpha(channels) ? 1 : 0, colours = (size_t)channels - alphas;
    const size_t colour_size = pixel_size / (size_t)channels * colours;

    for (size_t i = 0; i < num_pixels; i++) {
        if (memcmp(floats, before, colours * sizeof(float)) == 0)
            memcpy(native, kept, colour_size);
        if (alphas && floats[colours] == before[colours])
            memcpy(native + colour_size, kept + colour_size, pixel_size - colour_size);
        floats += channels, before += channels;
        native += pixel_size, kept += pixel_size;
    }
}

// `before` NULL: everything has changed.
static bool write_bands(const SfmImage *image, const GeglRectangle *whole, const SfmPixels *before,
                        GeglBuffer *buffer, const SfmEncoding *encoding, GError **error)
{
    const int channels = babl_format_get_n_components(encoding->floats);
    const size_t row = (size_t)image->width * (size_t)channels;
    const size_t pixel_size = (size_t)babl_format_get_bytes_per_pixel(encoding->native);
    g_auto(Band) band = { 0 }, kept = { 0 };

    if (!band_init(&band, image->width, encoding->native, error) ||
        (before && !band_init(&kept, image->width, encoding->native, error)))
        return false;
    for (int y = 0; y < image->height; y += BAND) {
        const GeglRectangle area = band_area(whole, y);
        const size_t num = num_pixels_in(&area);
        fill_band(image, y, channels, num, band.floats);
        sfm_encoding_write(encoding, band.floats, band.native, num);
        if (before) {
            get_native(buffer, &area, &kept);
            keep_unchanged(band.floats, before->pixels + (size_t)y * row, kept.native, band.native,
                           channels, num, pixel_size);
        }
        set_native(buffer, &area, &band);
    }
    return true;
}

static bool write_at(const SfmImage *image, const GeglRectangle *whole, const SfmPixels *before,
                     GeglBuffer *buffer, GimpColorProfile *profile, GError **error)
{
    const Babl *native = gegl_buffer_get_format(buffer);
    const Babl *floats = babl_format(formats[channels_to_write(image, native) - 1]);
    g_auto(SfmEncoding) encoding = { 0 };

    if (!check_finite(image, error))
        return false;
    sfm_encoding_init(&encoding, SFM_ENCODING_WRITE, native, floats, profile);
    return write_bands(image, whole, before, buffer, &encoding, error);
}

bool sfm_pixels_write(const SfmImage *image, GeglBuffer *buffer, GimpColorProfile *profile,
                      GError **error)
{
    const GeglRectangle whole = { 0, 0, image->width, image->height };
    return write_at(image, &whole, NULL, buffer, profile, error);
}

bool sfm_pixels_write_changes(const SfmImage *image, const SfmPixels *before, GeglBuffer *buffer,
                              GimpColorProfile *profile, GError **error)
{
    const Babl *native = gegl_buffer_get_format(buffer);

    g_return_val_if_fail(image->channels == before->channels, false);
    g_return_val_if_fail(babl_format_get_n_components(native) == before->channels, false);
    g_return_val_if_fail(image->width == before->area.width, false);
    g_return_val_if_fail(image->height == before->area.height, false);
    return write_at(image, &before->area, before, buffer, profile, error);
}

void sfm_pixels_mix(SfmImage *image, const SfmPixels *before, const SfmPixels *mask)
{
    const size_t channels = (size_t)image->channels, num = num_pixels_in(&before->area);

    g_return_if_fail(image->channels == before->channels && mask->channels == 1);
    for (size_t i = 0; i < num * channels; i++) {
        const float m = mask->pixels[i / channels], known = before->pixels[i];
        image->pixels[i] = m > 0.0F ? m * image->pixels[i] + (1.0F - m) * known : known;
    }
}
