// SPDX-License-Identifier: GPL-3.0-or-later
//
// libpng jumps where it fails: what it needs is owned by a struct outside of the
// function that it jumps to.

#include "recipe_file.h"

#include <errno.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <png.h>
#include <sfumato/error.h>

#include "common/recipe_text.h"
#include "common/translation.h"
#include "png_source.h"

#define MAX_SIZE ((size_t)1 << 30) // bytes of a picture with its recipe

static char *bad_file(const char *path, const char *why, GError **error)
{
    g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_FILE, "%s: %s", path, why);
    return NULL;
}

// ---- bytes ------------------------------------------------------------------

static GByteArray *read_stream(FILE *stream, const char *path, GError **error)
{
    g_autoptr(GByteArray) all = g_byte_array_new();
    guint8 part[65536];
    size_t size;

    while ((size = fread(part, 1, sizeof part, stream)) > 0 && all->len + size <= MAX_SIZE)
        g_byte_array_append(all, part, (guint)size);
    if (ferror(stream))
        bad_file(path, g_strerror(errno), error);
    else if (size > 0)
        bad_file(path, _("is larger than 1 GiB"), error);
    return ferror(stream) || size > 0 ? NULL : g_steal_pointer(&all);
}

static GByteArray *read_all(const char *path, GError **error)
{
    if (strcmp(path, "-") == 0)
        return read_stream(stdin, _("standard input"), error);

    FILE *file = fopen(path, "rb");
    if (!file) {
        g_set_error(error, SFM_ERROR, errno == ENOENT ? SFM_ERROR_NOT_FOUND : SFM_ERROR_BAD_FILE,
                    "%s: %s", path,
                    errno == ENOENT ? _("there is no such file") : g_strerror(errno));
        return NULL;
    }
    GByteArray *all = read_stream(file, path, error);
    fclose(file);
    return all;
}

// ---- a PNG's text -----------------------------------------------------------

typedef struct {
    PngSource source;
    png_structp png;
    png_infop info;
} Reader;

static void reader_clear(Reader *r)
{
    png_destroy_read_struct(&r->png, &r->info, NULL);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reader, reader_clear)

static void jump(png_structp png, png_const_charp text)
{
    png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp text)
{
}

// All up to the pixels, before which the text is. libpng jumps back here.
static bool read_head(Reader *r)
{
    if (setjmp(png_jmpbuf(r->png)))
        return false;
    png_source_set(r->png, &r->source);
    png_read_info(r->png, r->info);
    return true;
}

static char *find_text(const Reader *r)
{
    png_textp texts = NULL;
    const int num = png_get_text(r->png, r->info, &texts, NULL);

    for (int i = 0; i < num; i++) {
        if (strcmp(texts[i].key, SFM_RECIPE_NAME) == 0)
            return g_strdup(texts[i].text);
    }
    return NULL;
}

static char *read_png(const GByteArray *bytes, const char *path, int *depth, GError **error)
{
    g_auto(Reader) r = { .source = { bytes->data, bytes->len } };

    r.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, jump, ignore);
    r.info = r.png ? png_create_info_struct(r.png) : NULL;
    if (!r.info || !read_head(&r))
        return bad_file(path, _("is no whole PNG file"), error);
    char *text = find_text(&r);
    *depth = png_get_bit_depth(r.png, r.info);
    return text ? text
                : bad_file(
                      path,
                      _("holds no recipe: the text chunk \"sfumato-recipe\" is not there, which "
                        "programs that edit a picture may leave out"),
                      error);
}

// ---- either -----------------------------------------------------------------

char *recipe_file_read(const char *path, int *depth, GError **error)
{
    const char *name = strcmp(path, "-") == 0 ? _("standard input") : path;
    g_autoptr(GByteArray) bytes = read_all(path, error);

    if (!bytes)
        return NULL;
    if (bytes->len >= 8 && png_sig_cmp(bytes->data, 0, 8) == 0)
        return read_png(bytes, name, depth, error);
    if (bytes->len > 0 && bytes->data[bytes->len - 1] == '\0') // as a parasite of GIMP ends
        g_byte_array_set_size(bytes, bytes->len - 1);
    if (bytes->len == 0 || memchr(bytes->data, '\0', bytes->len))
        return bad_file(name, _("is neither a PNG file nor a recipe in JSON"), error);
    return g_strndup((const char *)bytes->data, bytes->len);
}
