// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recipes out of files that a person chooses: PNG files, which may be damaged, and
// JSON alone.
#include "common/recipe_text.h"

#include <string.h>

#include <glib/gstdio.h>
#include <sfumato/error.h>

static char *path;

// Length, type, data, and a checksum that nobody looks at.
static void add_chunk(GByteArray *png, const char *type, const char *data, guint size)
{
    const guint32 length = GUINT32_TO_BE(size), sum = 0;
    g_byte_array_append(png, (const guint8 *)&length, sizeof(length));
    g_byte_array_append(png, (const guint8 *)type, 4);
    g_byte_array_append(png, (const guint8 *)data, size);
    g_byte_array_append(png, (const guint8 *)&sum, sizeof(sum));
}

static GByteArray *png_new(void)
{
    GByteArray *png = g_byte_array_new();
    g_byte_array_append(png, (const guint8 *)"\x89PNG\r\n\x1a\n", 8);
    add_chunk(png, "IHDR", "0123456789abc", 13);
    return png;
}

// The size of a literal without the 0 that ends it: those within count.
#define ADD(png, type, text) add_chunk(png, type, text, sizeof(text) - 1)

static char *read_bytes(const void *bytes, gsize size, GError **error)
{
    g_assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
    return sfm_recipe_text_read(path, error);
}

static void assert_recipe(GByteArray *png, const char *wanted)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = read_bytes(png->data, png->len, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, wanted);
}

static void assert_none(const void *bytes, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(read_bytes(bytes, size, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_NOT_FOUND);
}

static void reads_the_text_of_the_right_name(void)
{
    g_autoptr(GByteArray) png = png_new();
    ADD(png, "tEXt", "Comment\0no recipe");
    ADD(png, "tEXt", "sfumato-recipes\0nor this");
    ADD(png, "tEXt", "sfumato-recipe\0{ \"seed\": 7 }");
    assert_recipe(png, "{ \"seed\": 7 }");
}

static void reads_international_text(void)
{
    g_autoptr(GByteArray) png = png_new();
    ADD(png, "iTXt", "sfumato-recipe\0\0\0de\0Rezept\0{ }");
    assert_recipe(png, "{ }");
}

static void passes_over_compressed_text(void)
{
    g_autoptr(GByteArray) png = png_new();
    ADD(png, "iTXt", "sfumato-recipe\0\1\0\0\0x");
    ADD(png, "zTXt", "sfumato-recipe\0\0x");
    assert_none(png->data, png->len);
}

static void takes_any_other_file_as_it_is(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = read_bytes("{}", 2, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, "{}");
}

// Each in memory of its own size, so that a sanitizer sees a byte too far.
static void survives_being_cut_off_anywhere(void)
{
    g_autoptr(GByteArray) png = png_new();
    ADD(png, "iTXt", "sfumato-recipe\0\0\0\0\0{ }");
    for (guint size = 8; size < png->len; size++)
        assert_none(png->data, size);
}

static void survives_texts_that_do_not_end(void)
{
    static const char *const texts[] = { "sfumato-recipe", "sfumato-recipe\0", "" };
    static const guint sizes[] = { 14, 15, 0 };
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GByteArray) png = png_new();
        add_chunk(png, "tEXt", texts[i], sizes[i]);
        add_chunk(png, "iTXt", texts[i], sizes[i]);
        assert_none(png->data, png->len);
    }
}

static void survives_lengths_beyond_the_file(void)
{
    static const guint32 lengths[] = { 24, 0x7fffffff, 0x80000000, 0xffffffff };
    for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_autoptr(GByteArray) png = png_new();
        const guint32 length = GUINT32_TO_BE(lengths[i]);
        const guint at = png->len;
        ADD(png, "tEXt", "sfumato-recipe\0{ }xxxxx"); // 23 bytes
        memcpy(png->data + at, &length, sizeof(length));
        assert_none(png->data, png->len);
    }
}

static void names_a_file_that_is_not_there(void)
{
    g_autoptr(GError) error = NULL;
    g_unlink(path);
    g_assert_null(sfm_recipe_text_read(path, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_FILE);
    g_assert_true(strstr(error->message, path));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *folder = g_dir_make_tmp("sfumato-XXXXXX", NULL);
    path = g_build_filename(folder, "picture.png", NULL);

#define TEST(name) g_test_add_func("/common/recipe_text/" #name, name)
    TEST(reads_the_text_of_the_right_name);
    TEST(reads_international_text);
    TEST(passes_over_compressed_text);
    TEST(takes_any_other_file_as_it_is);
    TEST(survives_being_cut_off_anywhere);
    TEST(survives_texts_that_do_not_end);
    TEST(survives_lengths_beyond_the_file);
    TEST(names_a_file_that_is_not_there);
    const int result = g_test_run();
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
    return result;
}
