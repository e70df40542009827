// SPDX-License-Identifier: GPL-3.0-or-later
//
// libpng writes into memory, where it can fail for lack of memory alone; all
// that a disk can do wrong happens in the functions behind it.

#include "png_file.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <png.h>

static bool not_written(const char *path, int reason, GError **error)
{
    g_set_error(error, SFM_ERROR, SFM_ERROR_NOT_WRITTEN, "%s: %s", path, g_strerror(reason));
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

// 8 bits: to the nearest, halves to even.
static void write_rows(png_structp png, const SfmImage *image, png_bytep row)
{
    const size_t width = (size_t)image->width * (size_t)image->channels;

    for (int y = 0; y < image->height; y++) {
        const float *pixels = image->pixels + (size_t)y * width;
        for (size_t i = 0; i < width; i++)
            row[i] = (png_byte)rintf(255.0F * pixels[i]);
        png_write_row(png, row);
    }
}

// libpng jumps back here when it fails: this function owns nothing.
static bool encode_into(png_structp png, png_infop info, const SfmImage *image, png_bytep row,
                        GByteArray *out)
{
    if (setjmp(png_jmpbuf(png)))
        return false;
    png_set_write_fn(png, out, append, flush);
    png_set_IHDR(png, info, (png_uint_32)image->width, (png_uint_32)image->height, 8,
                 image->channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
    if (image->recipe)
        set_recipe(png, info, image->recipe);
    png_write_info(png, info);
    write_rows(png, image, row);
    png_write_end(png, info);
    return true;
}

static GByteArray *encode(const SfmImage *image)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_autofree png_byte *row = g_new(png_byte, (gsize)image->width * (gsize)image->channels);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    const bool done = info && encode_into(png, info, image, row, out);

    png_destroy_write_struct(&png, &info);
    return done ? g_steal_pointer(&out) : NULL;
}

// ---- onto the disk ----------------------------------------------------------

static bool write_all(int fd, const GByteArray *data)
{
    for (guint at = 0; at < data->len;) {
        const ssize_t written = write(fd, data->data + at, data->len - at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        at += (guint)written;
    }
    return fsync(fd) == 0;
}

// A file of another name beside `path`; NULL on failure.
static char *write_beside(const char *path, const GByteArray *data, GError **error)
{
    g_autofree char *name = g_strconcat(path, ".XXXXXX", NULL);
    const int fd = g_mkstemp_full(name, O_WRONLY | O_CLOEXEC, 0666);

    if (fd < 0) {
        not_written(path, errno, error);
        return NULL;
    }
    const bool written = write_all(fd, data);
    const int reason = errno;
    if (close(fd) == 0 && written)
        return g_steal_pointer(&name);
    not_written(path, written ? errno : reason, error);
    g_unlink(name);
    return NULL;
}

static bool write_temporaries(const SfmImage *images, char *const *paths, int num, char **names,
                              GError **error)
{
    for (int i = 0; i < num; i++) {
        g_autoptr(GByteArray) data = encode(&images[i]);
        if (!data)
            return not_written(paths[i], ENOMEM, error);
        names[i] = write_beside(paths[i], data, error);
        if (!names[i])
            return false;
    }
    return true;
}

bool png_files_write(const SfmImage *images, char *const *paths, int num, GError **error)
{
    g_auto(GStrv) names = g_new0(char *, (gsize)num + 1);
    bool done = write_temporaries(images, paths, num, names, error);
    int renamed = 0;

    while (done && renamed < num) {
        if (g_rename(names[renamed], paths[renamed]) != 0)
            done = not_written(paths[renamed], errno, error);
        else
            renamed++;
    }
    for (int i = renamed; i < num && names[i]; i++)
        g_unlink(names[i]);
    return done;
}

bool png_file_check(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);

    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        return not_written(path, EISDIR, error);
    // What is no file, /dev/null above all, must not be replaced by one.
    if (g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_NOT_WRITTEN, "%s: is not a regular file", path);
        return false;
    }
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
        return not_written(path, g_file_test(folder, G_FILE_TEST_EXISTS) ? ENOTDIR : ENOENT, error);
    return g_access(folder, W_OK) == 0 || not_written(path, errno, error);
}
