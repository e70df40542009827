// SPDX-License-Identifier: GPL-3.0-or-later
//
// libpng writes into memory, where it can fail for lack of memory alone; all
// that a disk can do wrong happens in the functions behind it.

#include "png_file.h"

#include <math.h>
#include <setjmp.h>
#include <string.h>

#include <png.h>
#include <sfumato/write.h>

#include "common/recipe_text.h"
#include "common/translation.h"
#include "interrupt.h"

#define PIECE ((gsize)4 << 20) // bytes that are written between two looks for a signal

static bool cancelled(GError **error)
{
    g_set_error_literal(error, SFM_ERROR, SFM_ERROR_CANCELLED, "cancelled");
    return false;
}

// ---- into memory ------------------------------------------------------------

static void append(png_structp png, png_bytep data, size_t size)
{
    g_byte_array_append(png_get_io_ptr(png), data, (guint)size);
}

static void flush(png_structp png)
{
}

static void set_recipe(png_structp png, png_infop info, char *recipe)
{
    char keyword[] = SFM_RECIPE_NAME, none[] = "";
    png_text text = {
        .compression =
            g_str_is_ascii(recipe) ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE,
        .key = keyword,
        .text = recipe,
        .lang = none,
        .lang_key = none,
    };
    png_set_text(png, info, &text, 1);
}

// ---- samples ----------------------------------------------------------------

// A picture on its way into a file.
typedef struct {
    const SfmImage *image;
    PngStyle style; // `like` NULL where none of its samples can be kept
    PngConverter converter;
    float *floats;   // a row; owned
    png_bytep bytes; // a row; owned
} Encoder;

static void encoder_clear(Encoder *encoder)
{
    png_converter_clear(&encoder->converter);
    g_free(encoder->floats);
    g_free(encoder->bytes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Encoder, encoder_clear)

static bool same_layout(const SfmImage *image, PngStyle style)
{
    const SfmPicture *p = &style.like->picture;

    return p->width == image->width && p->height == image->height &&
           p->channels == image->channels && style.like->depth == style.depth;
}

static bool encoder_init(Encoder *encoder, const SfmImage *image, PngStyle style, GError **error)
{
    const gsize width = (gsize)image->width * (gsize)image->channels;

    *encoder = (Encoder){ .image = image, .style = style };
    encoder->floats = g_try_malloc_n(width, sizeof(float));
    encoder->bytes = g_try_malloc_n(width, (gsize)style.depth / 8);
    if (!encoder->floats || !encoder->bytes) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY, _("no memory to encode a row of it"));
        return false;
    }
    if (!style.like)
        return true;
    if (!same_layout(image, style))
        encoder->style.like = NULL;
    return png_converter_init(&encoder->converter, &style.like->colour, image->channels,
                              PNG_FROM_SRGB, error);
}

// 16 bits with the high byte first.
static void store(png_bytep row, size_t i, int depth, unsigned sample)
{
    if (depth == 8)
        row[i] = (png_byte)sample;
    else
        png_save_uint_16(row + 2 * i, sample);
}

// The samples of the colours that have not changed, from their file.
static void keep_unchanged(const Encoder *e, size_t first, size_t num)
{
    const PngPicture *like = e->style.like;
    const size_t channels = (size_t)e->image->channels, colours = channels <= 2 ? 1 : 3;
    const uint8_t *bytes = like->samples;
    const uint16_t *words = like->samples;

    for (size_t i = 0; i < num; i += channels) {
        const size_t at = first + i;
        if (memcmp(e->image->pixels + at, like->pixels + at, colours * sizeof(float)) != 0)
            continue;
        for (size_t c = 0; c < colours; c++)
            store(e->bytes, i + c, like->depth, like->depth == 8 ? bytes[at + c] : words[at + c]);
    }
}

// To the nearest, halves to even.
static void encode_row(const Encoder *e, int y)
{
    const int channels = e->image->channels, depth = e->style.depth;
    const size_t num = (size_t)e->image->width * (size_t)channels;
    const size_t first = (size_t)y * num;
    const float most = depth == 8 ? 255.0F : 65535.0F;

    memcpy(e->floats, e->image->pixels + first, num * sizeof(float));
    png_converter_run(&e->converter, e->floats, channels, (size_t)e->image->width);
    for (size_t i = 0; i < num; i++)
        store(e->bytes, i, depth, (unsigned)rintf(most * e->floats[i]));
    if (e->style.like)
        keep_unchanged(e, first, num);
}

// ---- chunks -----------------------------------------------------------------

static int colour_type(const SfmImage *image)
{
    static const int types[] = { PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
                                 PNG_COLOR_TYPE_RGB_ALPHA };
    return types[image->channels - 1];
}

static void set_colour(png_structp png, png_infop info, const PngColour *colour)
{
    const int32_t *p = colour->primaries;

    if (colour->profile) {
        gsize size;
        const void *data = g_bytes_get_data(colour->profile, &size);
        png_set_iCCP(png, info, colour->profile_name, PNG_COMPRESSION_TYPE_BASE, data,
                     (png_uint_32)size);
    }
    if (colour->is_srgb)
        png_set_sRGB(png, info, colour->intent);
    if (colour->has_gamma)
        png_set_gAMA_fixed(png, info, colour->gamma);
    if (colour->has_primaries)
        png_set_cHRM_fixed(png, info, p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]);
}

static void write_header(png_structp png, png_infop info, const SfmImage *image, int depth,
                         const PngColour *colour)
{
    static const png_byte cicp[] = "cICP"; // which Debian 12's libpng does not know

    png_set_IHDR(png, info, (png_uint_32)image->width, (png_uint_32)image->height, depth,
                 colour_type(image), PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    set_colour(png, info, colour);
    if (image->recipe)
        set_recipe(png, info, image->recipe);
    png_write_info_before_PLTE(png, info);
    if (colour->has_cicp)
        png_write_chunk(png, cicp, colour->cicp, sizeof colour->cicp);
    png_write_info(png, info);
}

// libpng jumps back here when it fails: this function owns nothing. A signal ends it, too.
static bool encode_into(png_structp png, png_infop info, const Encoder *encoder,
                        const PngColour *colour, GByteArray *out)
{
    if (setjmp(png_jmpbuf(png)))
        return false;
    png_set_write_fn(png, out, append, flush);
    write_header(png, info, encoder->image, encoder->style.depth, colour);
    for (int y = 0; y < encoder->image->height; y++) {
        if (interrupt_signal() != 0)
            return false;
        encode_row(encoder, y);
        png_write_row(png, encoder->bytes);
    }
    png_write_end(png, info);
    return true;
}

static GByteArray *encode(const SfmImage *image, PngStyle style, GError **error)
{
    static const PngColour srgb = { .is_srgb = true, .intent = PNG_sRGB_INTENT_PERCEPTUAL };
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_auto(Encoder) encoder = { 0 };

    if (!encoder_init(&encoder, image, style, error))
        return NULL;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    const PngColour *colour = style.like ? &style.like->colour : &srgb;
    const bool done = info && encode_into(png, info, &encoder, colour, out);

    png_destroy_write_struct(&png, &info);
    if (!done && interrupt_signal() != 0)
        cancelled(error);
    else if (!done)
        g_set_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY, _("no memory to encode it"));
    return done ? g_steal_pointer(&out) : NULL;
}

// ---- onto the disk ----------------------------------------------------------

static bool append_pieces(SfmWriter *writer, const GByteArray *data, GError **error)
{
    for (gsize done = 0; done < data->len; done += PIECE) {
        if (interrupt_signal() != 0)
            return cancelled(error);
        if (!sfm_writer_append(writer, data->data + done, MIN(PIECE, data->len - done), error))
            return false;
    }
    return true;
}

// Under a temporary name, in `writers`.
static bool write_beside(const SfmImage *image, const char *path, PngStyle style,
                         GPtrArray *writers, GError **error)
{
    g_autoptr(SfmWriter) writer = sfm_writer_new(path, error);

    if (!writer)
        return false;
    g_autoptr(GByteArray) data = encode(image, style, error);
    if (!data) {
        g_prefix_error(error, "%s: ", path);
        return false;
    }
    if (!append_pieces(writer, data, error) || !sfm_writer_finish(writer, error))
        return false;
    g_ptr_array_add(writers, g_steal_pointer(&writer));
    return true;
}

static void free_writer(gpointer writer)
{
    sfm_writer_free(writer);
}

bool png_files_write(const SfmImage *images, char *const *paths, int num, PngStyle style,
                     GError **error)
{
    g_autoptr(GPtrArray) writers = g_ptr_array_new_with_free_func(free_writer);
    bool done = true;

    for (int i = 0; done && i < num; i++)
        done = write_beside(&images[i], paths[i], style, writers, error);
    return done &&
           sfm_writers_commit((SfmWriter *const *)(void *)writers->pdata, writers->len, error);
}

// The writer looks at the folder, and at what is there already.
bool png_file_check(const char *path, GError **error)
{
    g_autoptr(SfmWriter) writer = sfm_writer_new(path, error);
    return writer != NULL;
}
