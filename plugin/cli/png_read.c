// SPDX-License-Identifier: GPL-3.0-or-later
//
// libpng jumps where it fails: what it needs is owned by a struct outside of the
// function that it jumps to, and what it says becomes our message.

#include "png_read.h"

#include <setjmp.h>
#include <string.h>

#include <png.h>

#include "common/translation.h"
#include "png_source.h"

typedef struct {
    PngSource source;
    char *complaint;         // owned; NULL: there was none
    char *profile_complaint; // of a chunk iCCP that libpng leaves out; likewise
    png_structp png;
    png_infop info;
    png_bytep *rows; // pointers into `bytes`
    png_bytep bytes;
    bool no_memory; // for the pixels of a file that may well be whole
} Reader;

static void reader_clear(Reader *r)
{
    png_destroy_read_struct(&r->png, &r->info, NULL);
    g_free(r->complaint);
    g_free(r->profile_complaint);
    g_free(r->rows);
    g_free(r->bytes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reader, reader_clear)

static void complain(png_structp png, png_const_charp text)
{
    Reader *r = png_get_error_ptr(png);

    g_free(r->complaint);
    r->complaint = g_strdup(text);
    png_longjmp(png, 1);
}

static void remark(png_structp png, png_const_charp text)
{
    Reader *r = png_get_error_ptr(png);

    if (!g_str_has_prefix(text, "iCCP: "))
        return;
    g_free(r->profile_complaint);
    r->profile_complaint = g_strdup(text + strlen("iCCP: "));
}

// What a header claims, and the file does not back with bytes, gets no memory: a byte of
// deflate holds 1032 at most (RFC 1951: 258 of two bits).
static bool may_be_whole(const Reader *r)
{
    const size_t height = png_get_image_height(r->png, r->info);

    return height * (png_get_rowbytes(r->png, r->info) / 1032) <= r->source.size;
}

// A palette without colours; with a profile it stays RGB, which the profile is for.
static bool has_gray_palette(const Reader *r)
{
    png_colorp entries;
    int num = 0;

    if (png_get_color_type(r->png, r->info) != PNG_COLOR_TYPE_PALETTE ||
        png_get_valid(r->png, r->info, PNG_INFO_iCCP) ||
        !png_get_PLTE(r->png, r->info, &entries, &num))
        return false;
    for (int i = 0; i < num; i++) {
        if (entries[i].red != entries[i].green || entries[i].red != entries[i].blue)
            return false;
    }
    return true;
}

// Gray or RGB, with alpha or without, 8 or 16 bits in the machine's order.
static void choose_format(Reader *r)
{
    png_set_expand(r->png);
    if (has_gray_palette(r))
        png_set_rgb_to_gray_fixed(r->png, PNG_ERROR_ACTION_NONE, PNG_RGB_TO_GRAY_DEFAULT,
                                  PNG_RGB_TO_GRAY_DEFAULT);
    png_set_interlace_handling(r->png);
    if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
        png_set_swap(r->png);
    png_read_update_info(r->png, r->info);
}

static bool make_rows(Reader *r)
{
    const size_t height = png_get_image_height(r->png, r->info);
    const size_t row_size = png_get_rowbytes(r->png, r->info);

    r->bytes = g_try_malloc_n(height, row_size);
    r->rows = g_try_new(png_bytep, height);
    for (size_t y = 0; r->bytes && r->rows && y < height; y++)
        r->rows[y] = r->bytes + y * row_size;
    return r->bytes && r->rows;
}

// libpng jumps back here when it fails.
static bool decode(Reader *r)
{
    if (setjmp(png_jmpbuf(r->png)))
        return false;
    png_source_set(r->png, &r->source);
    png_read_info(r->png, r->info);
    if (!may_be_whole(r))
        png_error(r->png, _("it ends too early"));
    choose_format(r);
    r->no_memory = !make_rows(r);
    if (r->no_memory)
        return false;
    png_read_image(r->png, r->rows);
    png_read_end(r->png, NULL);
    return true;
}

// ---- colours ----------------------------------------------------------------

// The content of a chunk of the whole file, which libpng has read to its end; NULL: there is
// none. Some libpngs know cICP and some do not, and none tells whether it has left out
// an iCCP.
static const uint8_t *find_chunk(const char *data, size_t size, const char *name, size_t *length)
{
    size_t at = 8; // behind the signature

    while (at + 12 <= size) {
        *length = png_get_uint_32((png_const_bytep)data + at);
        if (*length > size - at - 12)
            return NULL;
        if (memcmp(data + at + 4, name, 4) == 0)
            return (const uint8_t *)data + at + 8;
        at += *length + 12;
    }
    return NULL;
}

static bool take_profile(const Reader *r, bool there, PngColour *colour)
{
    png_charp name;
    png_bytep data;
    png_uint_32 size;
    int compression;

    if (!png_get_iCCP(r->png, r->info, &name, &compression, &data, &size))
        return !there;
    colour->profile = g_bytes_new(data, size);
    colour->profile_name = g_strdup(name);
    return true;
}

static void take_gamma(const Reader *r, PngColour *colour)
{
    png_fixed_point *p = colour->primaries;

    colour->has_gamma = png_get_gAMA_fixed(r->png, r->info, &colour->gamma) != 0;
    colour->has_primaries = png_get_cHRM_fixed(r->png, r->info, &p[0], &p[1], &p[2], &p[3], &p[4],
                                               &p[5], &p[6], &p[7]) != 0;
}

// libpng gives gAMA and cHRM to what is sRGB or has a profile, too.
static bool take_colour(const Reader *r, const char *data, size_t size, PngColour *colour)
{
    size_t length;
    const uint8_t *cicp = find_chunk(data, size, "cICP", &length);

    colour->has_cicp = cicp && length == 4;
    if (colour->has_cicp)
        memcpy(colour->cicp, cicp, 4);
    if (!take_profile(r, find_chunk(data, size, "iCCP", &length) != NULL, colour))
        return false;
    colour->is_srgb =
        !colour->profile && png_get_sRGB(r->png, r->info, &colour->intent) == PNG_INFO_sRGB;
    if (!colour->profile && !colour->is_srgb)
        take_gamma(r, colour);
    return true;
}

static bool convert(PngPicture *out, GError **error)
{
    const SfmPicture *p = &out->picture;
    g_auto(PngConverter) converter = { 0 };

    if (!png_converter_init(&converter, &out->colour, p->channels, PNG_TO_SRGB, error))
        return false;
    png_converter_run(&converter, out->pixels, p->channels, (size_t)p->width * (size_t)p->height);
    return true;
}

// ---- the whole --------------------------------------------------------------

static float *to_floats(const Reader *r, int depth, size_t num)
{
    float *pixels = g_try_new(float, num);
    const png_uint_16 *words = (const png_uint_16 *)(const void *)r->bytes;

    for (size_t i = 0; pixels && i < num; i++)
        pixels[i] = depth == 16 ? (float)words[i] / 65535.0F : (float)r->bytes[i] / 255.0F;
    return pixels;
}

static bool take_pixels(Reader *r, PngPicture *out)
{
    const int channels = png_get_channels(r->png, r->info);
    const size_t width = png_get_image_width(r->png, r->info);
    const size_t height = png_get_image_height(r->png, r->info);

    out->depth = png_get_bit_depth(r->png, r->info);
    out->pixels = to_floats(r, out->depth, width * height * (size_t)channels);
    out->picture = (SfmPicture){ (int)width, (int)height, channels, out->pixels };
    out->samples = g_steal_pointer(&r->bytes);
    return out->pixels != NULL;
}

static bool bad_file(const char *path, const char *why, GError **error)
{
    g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_FILE, _("%s: is no whole PNG file: %s"), path, why);
    return false;
}

static bool no_memory(const Reader *r, const char *path, GError **error)
{
    g_set_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY,
                // Translators: file, width, height
                _("%s: no memory for its %ux%u pixels; cut it into parts, or scale it down"), path,
                png_get_image_width(r->png, r->info), png_get_image_height(r->png, r->info));
    return false;
}

static bool load(const char *path, char **data, size_t *size, GError **error)
{
    g_autoptr(GError) why = NULL;

    if (g_file_get_contents(path, data, size, &why))
        return true;
    const bool missing = g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_set_error(error, SFM_ERROR, missing ? SFM_ERROR_NOT_FOUND : SFM_ERROR_BAD_FILE, "%s: %s",
                path, missing ? _("there is no such file") : why->message);
    return false;
}

static bool decode_file(Reader *r, const char *path, GError **error)
{
    r->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, r, complain, remark);
    r->info = r->png ? png_create_info_struct(r->png) : NULL;
    if (!r->info)
        return bad_file(path, _("there is no memory to read it"), error);
    if (decode(r))
        return true;
    return r->no_memory ? no_memory(r, path, error) : bad_file(path, r->complaint, error);
}

static bool no_profile(const Reader *r, const char *path, GError **error)
{
    g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_FILE,
                _("%s: its colour profile (chunk iCCP) is of no use (%s); convert the picture to "
                  "sRGB in another program"),
                path, r->profile_complaint ? r->profile_complaint : _("it comes too late"));
    return false;
}

bool png_file_read(const char *path, PngMeaning meaning, PngPicture *picture, GError **error)
{
    g_autofree char *data = NULL;
    size_t size;
    g_auto(Reader) r = { 0 };

    if (!load(path, &data, &size, error))
        return false;
    r.source = (PngSource){ data, size };
    if (!decode_file(&r, path, error))
        return false;
    if (!take_pixels(&r, picture))
        return no_memory(&r, path, error);
    if (meaning == PNG_NUMBERS)
        return true;
    if (!take_colour(&r, data, size, &picture->colour))
        return no_profile(&r, path, error);
    if (convert(picture, error))
        return true;
    g_prefix_error(error, "%s: ", path);
    return false;
}

void png_picture_clear(PngPicture *picture)
{
    g_free(picture->pixels);
    g_free(picture->samples);
    png_colour_clear(&picture->colour);
    *picture = (PngPicture){ 0 };
}
