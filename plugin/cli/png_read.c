// SPDX-License-Identifier: GPL-3.0-or-later
//
// libpng jumps where it fails: what it needs is owned by a struct outside of the
// function that it jumps to, and what it says becomes our message.

#include "png_read.h"

#include <setjmp.h>
#include <string.h>

#include <png.h>

typedef struct {
    const char *data; // what is left of the file
    size_t size;
    char *complaint; // owned; NULL: there was none
    png_structp png;
    png_infop info;
    png_bytep *rows; // pointers into `bytes`
    png_bytep bytes;
} Reader;

static void reader_clear(Reader *r)
{
    png_destroy_read_struct(&r->png, &r->info, NULL);
    g_free(r->complaint);
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

static void ignore(png_structp png, png_const_charp text)
{
}

static void read_data(png_structp png, png_bytep to, size_t size)
{
    Reader *r = png_get_io_ptr(png);

    if (size > r->size)
        png_error(png, "it ends too early");
    memcpy(to, r->data, size);
    r->data += size;
    r->size -= size;
}

// Gray or RGB, with alpha or without, 8 or 16 bits in the machine's order.
static void choose_format(Reader *r)
{
    png_set_expand(r->png);
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
    png_set_read_fn(r->png, r, read_data);
    png_read_info(r->png, r->info);
    choose_format(r);
    if (!make_rows(r))
        png_error(r->png, "there is no memory for its pixels");
    png_read_image(r->png, r->rows);
    png_read_end(r->png, NULL);
    return true;
}

static float *to_floats(const Reader *r, int depth, size_t num)
{
    float *pixels = g_try_new(float, num);
    const png_uint_16 *words = (const png_uint_16 *)(const void *)r->bytes;

    for (size_t i = 0; pixels && i < num; i++)
        pixels[i] = depth == 16 ? (float)words[i] / 65535.0F : (float)r->bytes[i] / 255.0F;
    return pixels;
}

static bool take(const Reader *r, PngPicture *out)
{
    const int channels = png_get_channels(r->png, r->info);
    const size_t width = png_get_image_width(r->png, r->info);
    const size_t height = png_get_image_height(r->png, r->info);

    out->depth = png_get_bit_depth(r->png, r->info);
    out->pixels = to_floats(r, out->depth, width * height * (size_t)channels);
    out->picture = (SfmPicture){ (int)width, (int)height, channels, out->pixels };
    return out->pixels != NULL;
}

static bool bad_file(const char *path, const char *why, GError **error)
{
    g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_FILE, "%s: is no whole PNG file: %s", path, why);
    return false;
}

static bool load(const char *path, char **data, size_t *size, GError **error)
{
    g_autoptr(GError) why = NULL;

    if (g_file_get_contents(path, data, size, &why))
        return true;
    const bool missing = g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_set_error(error, SFM_ERROR, missing ? SFM_ERROR_NOT_FOUND : SFM_ERROR_BAD_FILE, "%s: %s",
                path, missing ? "there is no such file" : why->message);
    return false;
}

bool png_file_read(const char *path, PngPicture *picture, GError **error)
{
    g_autofree char *data = NULL;
    g_auto(Reader) r = { 0 };

    if (!load(path, &data, &r.size, error))
        return false;
    r.data = data;
    r.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &r, complain, ignore);
    r.info = r.png ? png_create_info_struct(r.png) : NULL;
    if (!r.info)
        return bad_file(path, "there is no memory to read it", error);
    if (!decode(&r))
        return bad_file(path, r.complaint, error);
    if (take(&r, picture))
        return true;
    g_set_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY, "%s: no memory for its pixels", path);
    return false;
}

void png_picture_clear(PngPicture *picture)
{
    g_free(picture->pixels);
    *picture = (PngPicture){ 0 };
}
