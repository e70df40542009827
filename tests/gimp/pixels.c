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
    const int status = g_test_run();
    gegl_exit();
    return status;
}
