// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/pixels.h"

#include <math.h>
#include <string.h>

// A picture of one value a pixel and channel, borrowed.
static SfmImage picture(int width, int height, int channels, float *pixels)
{
    return (SfmImage){ .width = width, .height = height, .channels = channels, .pixels = pixels };
}

static GeglBuffer *buffer_new(int width, int height, const char *format)
{
    return gegl_buffer_new(GEGL_RECTANGLE(0, 0, width, height), babl_format(format));
}

static void read_pixels(GeglBuffer *buffer, const char *format, void *pixels)
{
    gegl_buffer_get(buffer, NULL, 1.0, format ? babl_format(format) : NULL, pixels,
                    GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
}

static void test_all_bytes(void)
{
    float values[3 * 256];
    for (int i = 0; i < 3 * 256; i++)
        values[i] = (float)(i / 3) / 255.0F;
    const SfmImage image = picture(256, 1, 3, values);
    g_autoptr(GeglBuffer) buffer = buffer_new(256, 1, "R'G'B'A u8");
    g_assert_true(sfm_pixels_write(&image, buffer, NULL, NULL));
    guint8 bytes[256][4];
    read_pixels(buffer, NULL, bytes);
    for (int i = 0; i < 256; i++) {
        g_assert_cmpint(bytes[i][0], ==, i);
        g_assert_cmpint(bytes[i][1], ==, i);
        g_assert_cmpint(bytes[i][2], ==, i);
        g_assert_cmpint(bytes[i][3], ==, 255);
    }
}

static void test_gray_bytes(void)
{
    float values[256];
    for (int i = 0; i < 256; i++)
        values[i] = (float)i / 255.0F;
    const SfmImage image = picture(256, 1, 1, values);
    g_autoptr(GeglBuffer) buffer = buffer_new(256, 1, "Y' u8");
    g_assert_true(sfm_pixels_write(&image, buffer, NULL, NULL));
    guint8 bytes[256];
    read_pixels(buffer, NULL, bytes);
    for (int i = 0; i < 256; i++)
        g_assert_cmpint(bytes[i], ==, i);
}

static void test_gray_in_colour(void)
{
    float value = 0.5F;
    const SfmImage image = picture(1, 1, 1, &value);
    g_autoptr(GeglBuffer) buffer = buffer_new(1, 1, "R'G'B' u8");
    g_assert_true(sfm_pixels_write(&image, buffer, NULL, NULL));
    guint8 bytes[3];
    read_pixels(buffer, NULL, bytes);
    g_assert_cmpint(bytes[0], ==, 128); // 127.5, rounded to the nearest
    g_assert_cmpint(bytes[1], ==, 128);
    g_assert_cmpint(bytes[2], ==, 128);
}

static void test_clamps(void)
{
    float values[3] = { 1.5F, -0.5F, 0.5F };
    const SfmImage image = picture(1, 1, 3, values);
    g_autoptr(GeglBuffer) buffer = buffer_new(1, 1, "R'G'B' float");
    g_assert_true(sfm_pixels_write(&image, buffer, NULL, NULL));
    float got[3];
    read_pixels(buffer, NULL, got);
    g_assert_cmpfloat(got[0], ==, 1);
    g_assert_cmpfloat(got[1], ==, 0);
    g_assert_cmpfloat(got[2], ==, 0.5F);
}

// sRGB: 0.5 is 0.214041 linear, ((0.5 + 0.055) / 1.055)^2.4.
static void test_linear(void)
{
    float values[3] = { 0.5F, 0.5F, 0.5F };
    const SfmImage image = picture(1, 1, 3, values);
    g_autoptr(GeglBuffer) buffer = buffer_new(1, 1, "RGB float");
    g_assert_true(sfm_pixels_write(&image, buffer, NULL, NULL));
    float got[3];
    read_pixels(buffer, NULL, got);
    g_assert_cmpfloat_with_epsilon(got[1], 0.214041, 1e-4);
}

static void refuses(float value)
{
    float values[4] = { 0.5F, 0.5F, 0.5F, value };
    const SfmImage image = picture(2, 2, 1, values);
    g_autoptr(GeglBuffer) buffer = buffer_new(2, 2, "Y' u8");
    g_autoptr(GError) error = NULL;
    g_assert_false(sfm_pixels_write(&image, buffer, NULL, &error));
    g_assert_error(error, SFM_ERROR, (int)SFM_ERROR_BAD_NUMBER);
    guint8 bytes[4];
    read_pixels(buffer, NULL, bytes);
    g_assert_cmpint(bytes[0], ==, 0); // as the buffer was made
}

static void test_not_finite(void)
{
    refuses(NAN);
    refuses(INFINITY);
    refuses(-INFINITY);
}

// Rows are written in bands of 64: 130 rows are two of them and a rest.
static void test_many_rows(void)
{
    float values[130 * 2];
    for (int i = 0; i < 130 * 2; i++)
        values[i] = (float)(i / 2) / 255.0F;
    const SfmImage image = picture(2, 130, 1, values);
    g_autoptr(GeglBuffer) buffer = buffer_new(2, 130, "Y' u8");
    g_assert_true(sfm_pixels_write(&image, buffer, NULL, NULL));
    guint8 bytes[130][2];
    read_pixels(buffer, NULL, bytes);
    for (int y = 0; y < 130; y++)
        g_assert_cmpint(bytes[y][1], ==, y);
}

// (0.5, 0.25, 0.75) in sRGB is (113, 66, 187) / 255 in Adobe RGB (1998).
static void test_profile(void)
{
    float values[3] = { 0.5F, 0.25F, 0.75F };
    const SfmImage image = picture(1, 1, 3, values);
    g_autoptr(GeglBuffer) buffer = buffer_new(1, 1, "R'G'B'A u8");
    GimpColorProfile *profile = gimp_color_profile_new_rgb_adobe();
    g_assert_true(sfm_pixels_write(&image, buffer, profile, NULL));
    g_object_unref(profile);
    guint8 bytes[4];
    read_pixels(buffer, NULL, bytes);
    g_assert_cmpint(ABS(bytes[0] - 113), <=, 1);
    g_assert_cmpint(ABS(bytes[1] - 66), <=, 1);
    g_assert_cmpint(ABS(bytes[2] - 187), <=, 1);
    g_assert_cmpint(bytes[3], ==, 255);
}

// ---- reading ----------------------------------------------------------------

// One pixel at (1, 0) of 2 x 1, by its native bytes.
static void reads_pixel(const char *format, const void *bytes, size_t size, SfmPixels *got)
{
    g_autoptr(GeglBuffer) buffer = buffer_new(2, 1, format);
    const GeglRectangle second = { 1, 0, 1, 1 };
    g_assert_cmpuint(size, ==, (size_t)babl_format_get_bytes_per_pixel(babl_format(format)));
    gegl_buffer_set(buffer, &second, 0, NULL, bytes, GEGL_AUTO_ROWSTRIDE);
    g_autoptr(GError) error = NULL;
    g_assert_true(sfm_pixels_read(buffer, &second, NULL, got, &error));
    g_assert_no_error(error);
    g_assert_cmpint(got->area.x, ==, 1);
}

static void test_reads_bytes_and_alpha(void)
{
    g_auto(SfmPixels) got = { 0 };
    const guint8 bytes[4] = { 51, 102, 255, 153 };
    reads_pixel("R'G'B'A u8", bytes, sizeof bytes, &got);
    g_assert_cmpint(got.channels, ==, 4);
    for (int c = 0; c < 4; c++)
        g_assert_cmpfloat(got.pixels[c], ==, (float)bytes[c] / 255.0F);
}

// What babl alone gets wrong in the last bit of some.
static void test_reads_all_words(void)
{
    g_autofree guint16 *words = g_new(guint16, 2 * 65536);
    for (int i = 0; i < 2 * 65536; i++)
        words[i] = (guint16)(i / 2);
    g_autoptr(GeglBuffer) buffer = buffer_new(256, 256, "Y'A u16");
    gegl_buffer_set(buffer, NULL, 0, NULL, words, GEGL_AUTO_ROWSTRIDE);
    g_auto(SfmPixels) got = { 0 };
    g_assert_true(sfm_pixels_read(buffer, gegl_buffer_get_extent(buffer), NULL, &got, NULL));
    for (int i = 0; i < 2 * 65536; i++)
        g_assert_cmpfloat(got.pixels[i], ==, (float)words[i] / 65535.0F);
}

// 0.214041 of the light is 0.5 sRGB-encoded.
static void test_reads_linear(void)
{
    g_auto(SfmPixels) got = { 0 };
    const float gray = 0.214041F;
    reads_pixel("Y float", &gray, sizeof gray, &got);
    g_assert_cmpint(got.channels, ==, 1);
    g_assert_cmpfloat_with_epsilon(got.pixels[0], 0.5, 1e-5);
}

static void test_reads_beyond_the_range(void)
{
    g_auto(SfmPixels) got = { 0 };
    const float values[4] = { INFINITY, -3.0F, 1.5F, 2.0F };
    reads_pixel("R'G'B'A float", values, sizeof values, &got);
    const float want[4] = { 1, 0, 1, 1 };
    g_assert_cmpmem(got.pixels, sizeof want, want, sizeof want);
}

static void test_reads_hidden_nan(void)
{
    g_auto(SfmPixels) got = { 0 };
    const float values[4] = { NAN, 0.5F, NAN, 0.0F };
    reads_pixel("R'G'B'A float", values, sizeof values, &got);
    const float want[4] = { 0, 0.5F, 0, 0 };
    g_assert_cmpmem(got.pixels, sizeof want, want, sizeof want);
}

static void test_refuses_visible_nan(void)
{
    g_autoptr(GeglBuffer) buffer = buffer_new(4, 3, "R'G'B' float");
    const float values[3] = { 0, NAN, 0 };
    gegl_buffer_set(buffer, GEGL_RECTANGLE(3, 2, 1, 1), 0, NULL, values, GEGL_AUTO_ROWSTRIDE);
    g_auto(SfmPixels) got = { 0 };
    g_autoptr(GError) error = NULL;
    g_assert_false(sfm_pixels_read(buffer, GEGL_RECTANGLE(1, 1, 3, 2), NULL, &got, &error));
    g_assert_error(error, SFM_ERROR, (int)SFM_ERROR_BAD_ARGUMENT);
    g_assert_nonnull(strstr(error->message, "pixel (3, 2) of the layer is not a number"));
    g_assert_null(got.pixels);
}

static void test_mask(void)
{
    g_autoptr(GeglBuffer) selection = buffer_new(2, 1, "Y u8");
    const guint8 bytes[2] = { 255, 51 };
    gegl_buffer_set(selection, NULL, 0, NULL, bytes, GEGL_AUTO_ROWSTRIDE);
    g_auto(SfmPixels) mask = { 0 };
    g_assert_true(sfm_pixels_read_mask(selection, GEGL_RECTANGLE(-1, 0, 4, 1), &mask, NULL));
    const float want[4] = { 0, 1, 0.2F, 0 };
    g_assert_cmpint(mask.channels, ==, 1);
    g_assert_cmpmem(mask.pixels, sizeof want, want, sizeof want);
}

// ---- changes ----------------------------------------------------------------

// A quarter of the way from 0.2 to 0.6 is 0.3.
static void test_mix(void)
{
    float made[3] = { 0.6F, 0.6F, 0.6F }, old[3] = { 0.2F, 0.2F, 0.2F }, how[3] = { 0, 0.25F, 1 };
    SfmImage image = picture(3, 1, 1, made);
    const SfmPixels before = { { 5, 5, 3, 1 }, 1, old }, mask = { { 5, 5, 3, 1 }, 1, how };
    sfm_pixels_mix(&image, &before, &mask);
    g_assert_cmpfloat(made[0], ==, 0.2F);
    g_assert_cmpfloat_with_epsilon(made[1], 0.3, 1e-6);
    g_assert_cmpfloat(made[2], ==, 0.6F);
}

// Floats that no road through sRGB gives back: beyond 1, NaN under alpha 0, and a
// linear one whose last bits get lost. Of four pixels the second alone is changed.
static void test_keeps_bits(void)
{
    const float native[4][4] = {
        { 7.5F, -1, 0.1234567F, 0.7F },
        { 0.5F, 0.5F, 0.5F, 0.3333333F },
        { NAN, 3, 0.7654321F, 0 },
        { 0.1F, 0.2F, 0.3F, 1.5F },
    };
    g_autoptr(GeglBuffer) buffer = buffer_new(4, 1, "RGBA float");
    gegl_buffer_set(buffer, NULL, 0, NULL, native, GEGL_AUTO_ROWSTRIDE);
    g_auto(SfmPixels) before = { 0 };
    g_assert_true(sfm_pixels_read(buffer, gegl_buffer_get_extent(buffer), NULL, &before, NULL));
    g_autofree float *made = g_memdup2(before.pixels, sizeof native);
    made[4] = made[5] = made[6] = 1.0F;
    const SfmImage image = picture(4, 1, 4, made);
    g_assert_true(sfm_pixels_write_changes(&image, &before, buffer, NULL, NULL));
    float got[4][4];
    read_pixels(buffer, NULL, got);
    g_assert_cmpmem(got[0], sizeof got[0], native[0], sizeof native[0]);
    g_assert_cmpmem(&got[1][3], sizeof(float), &native[1][3], sizeof(float));
    g_assert_cmpmem(got[2], 2 * sizeof got[0], native[2], 2 * sizeof native[0]);
    g_assert_cmpfloat_with_epsilon(got[1][0], 1, 1e-6);
}

// The area is not the buffer's corner, and is higher than a band of 64 rows.
static void test_changes_in_place(void)
{
    g_autoptr(GeglBuffer) buffer = buffer_new(4, 200, "Y' u8");
    g_auto(SfmPixels) before = { 0 };
    g_assert_true(sfm_pixels_read(buffer, GEGL_RECTANGLE(2, 50, 1, 100), NULL, &before, NULL));
    float made[100] = { [0] = 1, [80] = 1 };
    const SfmImage image = picture(1, 100, 1, made);
    g_assert_true(sfm_pixels_write_changes(&image, &before, buffer, NULL, NULL));
    guint8 got[200][4];
    read_pixels(buffer, NULL, got);
    for (int y = 0; y < 200; y++)
        for (int x = 0; x < 4; x++)
            g_assert_cmpint(got[y][x], ==, x == 2 && (y == 50 || y == 130) ? 255 : 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    gegl_init(NULL, NULL);
    g_test_add_func("/pixels/every_byte_value_comes_out_as_itself", test_all_bytes);
    g_test_add_func("/pixels/every_gray_byte_value_comes_out_as_itself", test_gray_bytes);
    g_test_add_func("/pixels/gray_pictures_are_written_into_colour_buffers", test_gray_in_colour);
    g_test_add_func("/pixels/clamps_where_the_format_could_hold_more", test_clamps);
    g_test_add_func("/pixels/linear_buffers_get_linear_light", test_linear);
    g_test_add_func("/pixels/refuses_nan_and_infinity_and_writes_nothing", test_not_finite);
    g_test_add_func("/pixels/rows_beyond_a_band_are_in_their_place", test_many_rows);
    g_test_add_func("/pixels/converts_to_a_profile_that_the_buffer_does_not_know", test_profile);
    g_test_add_func("/pixels/reads_bytes_and_alpha", test_reads_bytes_and_alpha);
    g_test_add_func("/pixels/reads_every_word_to_the_nearest_float", test_reads_all_words);
    g_test_add_func("/pixels/reads_linear_light_as_encoded", test_reads_linear);
    g_test_add_func("/pixels/reads_what_is_beyond_the_range_as_its_end",
                    test_reads_beyond_the_range);
    g_test_add_func("/pixels/reads_nan_that_nobody_sees_as_black", test_reads_hidden_nan);
    g_test_add_func("/pixels/refuses_nan_that_is_seen_and_says_where", test_refuses_visible_nan);
    g_test_add_func("/pixels/reads_a_selection_which_is_0_beyond_its_edge", test_mask);
    g_test_add_func("/pixels/mixes_by_the_mask", test_mix);
    g_test_add_func("/pixels/keeps_the_bits_of_what_has_not_changed", test_keeps_bits);
    g_test_add_func("/pixels/writes_changes_to_where_they_belong", test_changes_in_place);
    const int status = g_test_run();
    gegl_exit();
    return status;
}
