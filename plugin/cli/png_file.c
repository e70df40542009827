// SPDX-License-Identifier: GPL-3.0-or-later
//
// libpng writes into memory, where it can fail for lack of memory alone; all
// that a disk can do wrong happens in the functions behind it.

#include "png_file.h"

#include <math.h>
#include <setjmp.h>

#include <png.h>
#include <sfumato/write.h>

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
    char keyword[] = PNG_RECIPE, none[] = "";
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

// To the nearest, halves to even; 16 bits with the high byte first.
static void write_rows(png_structp png, const SfmImage *image, int depth, png_bytep row)
{
    const size_t width = (size_t)image->width * (size_t)image->channels;

    for (int y = 0; y < image->height; y++) {
        const float *pixels = image->pixels + (size_t)y * width;
        for (size_t i = 0; i < width; i++) {
            if (depth == 8)
                row[i] = (png_byte)rintf(255.0F * pixels[i]);
            else
                png_save_uint_16(row + 2 * i, (unsigned)rintf(65535.0F * pixels[i]));
        }
        png_write_row(png, row);
    }
}

static int colour_type(const SfmImage *image)
{
    static const int types[] = { PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
                                 PNG_COLOR_TYPE_RGB_ALPHA };
    return types[image->channels - 1];
}

// libpng jumps back here when it fails: this function owns nothing.
static bool encode_into(png_structp png, png_infop info, const SfmImage *image, int depth,
                        png_bytep row, GByteArray *out)
{
    if (setjmp(png_jmpbuf(png)))
        return false;
    png_set_write_fn(png, out, append, flush);
    png_set_IHDR(png, info, (png_uint_32)image->width, (png_uint_32)image->height, depth,
                 colour_type(image), PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
    if (image->recipe)
        set_recipe(png, info, image->recipe);
    png_write_info(png, info);
    write_rows(png, image, depth, row);
    png_write_end(png, info);
    return true;
}

static GByteArray *encode(const SfmImage *image, int depth)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_autofree png_byte *row =
        g_new(png_byte, (gsize)image->width * (gsize)image->channels * (gsize)depth / 8);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    const bool done = info && encode_into(png, info, image, depth, row, out);

    png_destroy_write_struct(&png, &info);
    return done ? g_steal_pointer(&out) : NULL;
}

// ---- onto the disk ----------------------------------------------------------

// Under a temporary name, in `writers`.
static bool write_beside(const SfmImage *image, const char *path, int depth, GPtrArray *writers,
                         GError **error)
{
    g_autoptr(GByteArray) data = encode(image, depth);
    g_autoptr(SfmWriter) writer = sfm_writer_new(path, error);

    if (!writer)
        return false;
    if (!data) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY, "%s: no memory to encode it", path);
        return false;
    }
    if (!sfm_writer_append(writer, data->data, data->len, error))
        return false;
    g_ptr_array_add(writers, g_steal_pointer(&writer));
    return true;
}

static void free_writer(gpointer writer)
{
    sfm_writer_free(writer);
}

bool png_files_write(const SfmImage *images, char *const *paths, int num, int depth, GError **error)
{
    g_autoptr(GPtrArray) writers = g_ptr_array_new_with_free_func(free_writer);
    bool done = true;

    for (int i = 0; done && i < num; i++)
        done = write_beside(&images[i], paths[i], depth, writers, error);
    for (int i = 0; done && i < num; i++)
        done = sfm_writer_commit(writers->pdata[i], error);
    return done;
}

// The writer looks at the folder, and at what is there already.
bool png_file_check(const char *path, GError **error)
{
    g_autoptr(SfmWriter) writer = sfm_writer_new(path, error);
    return writer != NULL;
}
