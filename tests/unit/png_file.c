// SPDX-License-Identifier: GPL-3.0-or-later
//
// What sfumato leaves on the disk, read back by libpng.

#include "cli/png_file.h"
#include "cli/interrupt.h"
#include "cli/png_read.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include <glib/gstdio.h>
#include <png.h>

static char *folder;

static char *path_in(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

// A picture of 3x1 pixels; borrows.
static SfmImage picture(float *pixels, int channels, const char *recipe)
{
    return (SfmImage){
        .width = 3, .height = 1, .channels = channels, .pixels = pixels, .recipe = (char *)recipe
    };
}

typedef struct {
    png_byte bytes[9];
    int colour_type, depth;
    char *recipe; // owned
} Picture;

// libpng aborts where it finds fault, and so the test.
static Picture read_back(const char *path)
{
    Picture picture = { 0 };
    FILE *file = g_fopen(path, "rb");
    g_assert_nonnull(file);
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_textp texts;
    int num;

    png_init_io(png, file);
    png_read_info(png, info);
    picture.colour_type = png_get_color_type(png, info);
    picture.depth = png_get_bit_depth(png, info);
    png_read_row(png, picture.bytes, NULL);
    png_get_text(png, info, &texts, &num);
    g_assert_cmpint(num, ==, 1);
    g_assert_cmpstr(texts[0].key, ==, "sfumato-recipe");
    picture.recipe = g_strdup(texts[0].text);
    png_destroy_read_struct(&png, &info, NULL);
    fclose(file);
    return picture;
}

// 0.5 / 255 and 2.5 / 255 lie half way: to 0 and to 2.
static void rounds_to_the_nearest_and_halves_to_even(void)
{
    float pixels[] = {
        0.0F,  1.0F, 2.5F / 255.0F, 0.5F / 255.0F, 1.5F / 255.0F, 200.4F / 255.0F, 200.6F / 255.0F,
        0.25F, 0.75F
    };
    const png_byte want[] = { 0, 255, 2, 0, 2, 200, 201, 64, 191 };
    const SfmImage image = picture(pixels, 3, "{}");
    g_autofree char *path = path_in("rgb.png");

    g_assert_true(png_files_write(&image, &path, 1, (PngStyle){ 8, NULL }, NULL));
    const Picture got = read_back(path);
    g_assert_cmpint(got.depth, ==, 8);
    g_assert_cmpint(got.colour_type, ==, PNG_COLOR_TYPE_RGB);
    g_assert_cmpmem(got.bytes, 9, want, 9);
    g_free(got.recipe);
    g_unlink(path);
}

static void keeps_gray_gray_and_the_recipe_in_any_script(void)
{
    float pixels[] = { 0.0F, 0.2F, 1.0F };
    const char *const recipes[] = { "{\"class\": \"grass\"}", "{\"class\": \"трава\"}" };

    for (size_t i = 0; i < G_N_ELEMENTS(recipes); i++) {
        const SfmImage image = picture(pixels, 1, recipes[i]);
        g_autofree char *path = path_in("gray.png");
        g_assert_true(png_files_write(&image, &path, 1, (PngStyle){ 8, NULL }, NULL));
        const Picture got = read_back(path);
        g_assert_cmpint(got.colour_type, ==, PNG_COLOR_TYPE_GRAY);
        g_assert_cmpmem(got.bytes, 3, ((png_byte[]){ 0, 51, 255 }), 3);
        g_assert_cmpstr(got.recipe, ==, recipes[i]);
        g_free(got.recipe);
        g_unlink(path);
    }
}

static guint num_files(void)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint num = 0;

    while (g_dir_read_name(dir))
        num++;
    return num;
}

static void writes_all_or_none(void)
{
    float pixels[] = { 0.0F, 0.2F, 1.0F };
    const SfmImage images[] = { picture(pixels, 1, "{}"), picture(pixels, 1, "{}") };
    g_autofree char *first = path_in("first.png"), *second = path_in("nowhere/second.png");
    char *const paths[] = { first, second };
    g_autoptr(GError) error = NULL;

    g_assert_false(png_files_write(images, paths, 2, (PngStyle){ 8, NULL }, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_NOT_WRITTEN);
    g_assert_true(g_str_has_prefix(error->message, second));
    g_assert_cmpuint(num_files(), ==, 0);
}

static void leaves_what_was_there_until_all_is_written(void)
{
    g_autofree char *path = path_in("old.png");
    g_autofree char *content = NULL;
    float pixels[] = { 0.0F, 0.2F, 1.0F };
    const SfmImage images[] = { picture(pixels, 1, "{}"), picture(pixels, 1, "{}") };
    g_autofree char *nowhere = path_in("nowhere/second.png");
    char *const paths[] = { path, nowhere };

    g_assert_true(g_file_set_contents(path, "old", -1, NULL));
    g_assert_false(png_files_write(images, paths, 2, (PngStyle){ 8, NULL }, NULL));
    g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
    g_assert_cmpstr(content, ==, "old");
    g_assert_true(png_files_write(images, paths, 1, (PngStyle){ 8, NULL }, NULL));
    g_assert_cmpuint(num_files(), ==, 1);
    g_unlink(path);
}

// ---- reading ----------------------------------------------------------------

// Every value of every depth comes back as it was.
static void reads_back_what_it_wrote(void)
{
    g_autofree char *path = path_in("back.png");

    for (int k = 0; k < 8; k++) {
        const int depth = k < 4 ? 8 : 16, channels = k % 4 + 1;
        const float most = depth == 8 ? 255.0F : 65535.0F;
        float pixels[12];
        for (int i = 0; i < 3 * channels; i++)
            pixels[i] = floorf(most * (float)(i + 1) / 13.0F) / most;
        const SfmImage image = picture(pixels, channels, NULL);
        g_auto(PngPicture) got = { 0 };
        g_assert_true(png_files_write(&image, &path, 1, (PngStyle){ depth, NULL }, NULL));
        g_assert_true(png_file_read(path, PNG_COLOURS, &got, NULL));
        g_assert_cmpint(got.depth, ==, depth);
        g_assert_cmpint(got.picture.width, ==, 3);
        g_assert_cmpint(got.picture.height, ==, 1);
        g_assert_cmpint(got.picture.channels, ==, channels);
        g_assert_cmpmem(got.pixels, sizeof(float) * 3 * (gsize)channels, pixels,
                        sizeof(float) * 3 * (gsize)channels);
    }
    g_unlink(path);
}

static void refuses_what_is_no_whole_png(void)
{
    g_autofree char *path = path_in("cut.png"), *missing = path_in("missing.png");
    float pixels[] = { 0.0F, 0.2F, 1.0F };
    const SfmImage image = picture(pixels, 1, "{}");
    g_autofree char *whole = NULL;
    gsize size;

    g_assert_true(png_files_write(&image, &path, 1, (PngStyle){ 8, NULL }, NULL));
    g_assert_true(g_file_get_contents(path, &whole, &size, NULL));
    for (gsize cut = 0; cut < size; cut++) { // wherever it ends
        g_autoptr(GError) error = NULL;
        g_auto(PngPicture) got = { 0 };
        g_assert_true(g_file_set_contents(path, whole, (gssize)cut, NULL));
        g_assert_false(png_file_read(path, PNG_COLOURS, &got, &error));
        g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_FILE);
    }
    g_autoptr(GError) error = NULL;
    PngPicture got = { 0 };
    g_assert_false(png_file_read(missing, PNG_COLOURS, &got, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_NOT_FOUND);
    g_unlink(path);
}

// CRC-32 of so many bytes, behind them (PNG specification, annex D).
static void put_checksum(png_byte *bytes, size_t num)
{
    uint32_t crc = 0xffffffff;

    for (size_t i = 0; i < num; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? 0xedb88320 ^ crc >> 1 : crc >> 1;
    }
    png_save_uint_32(bytes + num, ~crc);
}

// Of one row and two entries; without a profile only entries with colours are RGB.
static void write_palette(const char *path, int blue)
{
    FILE *file = g_fopen(path, "wb");
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    const png_color entries[] = { { 10, 10, 10 }, { 200, 200, (png_byte)blue } };
    const png_byte row[] = { 0, 1, 0 };

    png_init_io(png, file);
    png_set_IHDR(png, info, 3, 1, 8, PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_PLTE(png, info, entries, 2);
    png_write_info(png, info);
    png_write_row(png, row);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    fclose(file);
}

static void a_palette_of_grays_is_gray(void)
{
    g_autofree char *path = path_in("palette.png");
    g_auto(PngPicture) gray = { 0 }, colour = { 0 };

    write_palette(path, 200);
    g_assert_true(png_file_read(path, PNG_COLOURS, &gray, NULL));
    g_assert_cmpint(gray.picture.channels, ==, 1);
    g_assert_cmpfloat(gray.pixels[0], ==, 10.0F / 255.0F);
    g_assert_cmpfloat(gray.pixels[1], ==, 200.0F / 255.0F);
    write_palette(path, 201);
    g_assert_true(png_file_read(path, PNG_COLOURS, &colour, NULL));
    g_assert_cmpint(colour.picture.channels, ==, 3);
    g_assert_cmpfloat(colour.pixels[5], ==, 201.0F / 255.0F);
    g_unlink(path);
}

// A PNG file of a header, and zeros in place of its pixels.
static void write_header(const char *path, uint32_t width, uint32_t height, size_t num_zeros)
{
    enum { HEADER_SIZE = 45 };
    static const png_byte header[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0\x10"
                                     "\x06\0\0\0\x00\x00\x00\x00\0\0\0\0IDAT";
    g_autofree png_byte *bytes = g_malloc0(HEADER_SIZE + num_zeros);

    memcpy(bytes, header, sizeof header - 1);
    png_save_uint_32(bytes + 16, width);
    png_save_uint_32(bytes + 20, height);
    put_checksum(bytes + 12, 4 + 13);
    put_checksum(bytes + 37, 4);
    g_assert_true(
        g_file_set_contents(path, (char *)bytes, (gssize)(HEADER_SIZE + num_zeros), NULL));
}

// 8 TB, which nobody is asked for.
static void believes_no_header_that_the_file_is_too_short_for(void)
{
    g_autofree char *path = path_in("huge.png");
    g_autoptr(GError) error = NULL;
    PngPicture got = { 0 };

    write_header(path, 1000000, 1000000, 0);
    g_assert_false(png_file_read(path, PNG_COLOURS, &got, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_FILE);
    g_assert_nonnull(strstr(error->message, "it ends too early"));
    g_unlink(path);
}

// 20000 x 20000 pixels of 8 bytes are 3.2 GB, which 3.2 MB of a file may hold. An address
// sanitiser has none to spare for a limit.
static void what_memory_is_too_small_for_is_said_to_be_large(void)
{
#ifdef __SANITIZE_ADDRESS__
    g_test_skip("the address sanitiser needs more than any limit");
#else
    g_autofree char *path = path_in("large.png");
    g_autoptr(GError) error = NULL;
    PngPicture got = { 0 };
    struct rlimit before;

    write_header(path, 20000, 20000, 3200000);
    g_assert_cmpint(getrlimit(RLIMIT_AS, &before), ==, 0);
    const struct rlimit little = { .rlim_cur = (rlim_t)1 << 30, .rlim_max = before.rlim_max };
    g_assert_cmpint(setrlimit(RLIMIT_AS, &little), ==, 0);
    g_assert_false(png_file_read(path, PNG_COLOURS, &got, &error));
    g_assert_cmpint(setrlimit(RLIMIT_AS, &before), ==, 0);
    g_assert_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY);
    g_assert_nonnull(
        strstr(error->message, "large.png: no memory for its 20000x20000 pixels; cut"));
    g_unlink(path);
#endif
}

// A signal that came stays, so this test is the last.
static void a_signal_leaves_no_file(void)
{
    const SfmEngineParams params = { .device = "reference" };
    g_autoptr(SfmEngine) engine = sfm_engine_new(&params, NULL);
    g_autofree char *path = path_in("cancelled.png");
    float pixels[] = { 0.0F, 0.2F, 1.0F };
    const SfmImage image = picture(pixels, 1, "{}");
    g_autoptr(GError) error = NULL;

    interrupt_watch(engine);
    raise(SIGINT);
    interrupt_watch(NULL);
    g_assert_cmpint(interrupt_signal(), ==, SIGINT);
    g_assert_false(png_files_write(&image, &path, 1, (PngStyle){ 8, NULL }, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_CANCELLED);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("sfumato-XXXXXX", NULL);

#define TEST(name) g_test_add_func("/cli/png_file/" #name, name)
    TEST(rounds_to_the_nearest_and_halves_to_even);
    TEST(keeps_gray_gray_and_the_recipe_in_any_script);
    TEST(writes_all_or_none);
    TEST(leaves_what_was_there_until_all_is_written);
    TEST(reads_back_what_it_wrote);
    TEST(refuses_what_is_no_whole_png);
    TEST(a_palette_of_grays_is_gray);
    TEST(believes_no_header_that_the_file_is_too_short_for);
    TEST(what_memory_is_too_small_for_is_said_to_be_large);
    TEST(a_signal_leaves_no_file);
    const int result = g_test_run();
    g_rmdir(folder);
    g_free(folder);
    return result;
}
