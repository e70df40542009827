// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/thumbnail.h"

#include <math.h>
#include <string.h>

enum { SIZE = SFM_THUMBNAIL_SIZE };

// Pixel (x, y) as one number, 0xRRGGBB.
static guint at(const SfmThumbnail *thumbnail, int x, int y)
{
    const guint8 *pixel = thumbnail->pixels + 3 * (y * thumbnail->width + x);
    return (guint)pixel[0] << 16 | (guint)pixel[1] << 8 | pixel[2];
}

static SfmThumbnail thumbnail_of(int width, int height, int channels, float *pixels)
{
    const SfmImage image = { width, height, channels, pixels, NULL };
    SfmThumbnail thumbnail;
    sfm_thumbnail_make(&image, &thumbnail);
    return thumbnail;
}

// Half a pixel of 0.2 and half of 0.6 in each: 0.4 of 255 is 102.
static void test_mean(void)
{
    enum { WIDTH = 2 * SIZE, HEIGHT = SIZE };
    g_autofree float *pixels = g_new(float, WIDTH *HEIGHT);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        pixels[i] = i % 2 ? 0.6F : 0.2F;
    g_auto(SfmThumbnail) thumbnail = thumbnail_of(WIDTH, HEIGHT, 1, pixels);
    g_assert_cmpint(thumbnail.width, ==, SIZE);
    g_assert_cmpint(thumbnail.height, ==, SIZE / 2);
    g_assert_cmphex(at(&thumbnail, 0, 0), ==, 0x666666);
    g_assert_cmphex(at(&thumbnail, SIZE - 1, SIZE / 2 - 1), ==, 0x666666);
}

static void test_enlarged(void)
{
    float pixels[] = { 1, 0, 0, 0.5F, 0, 0, 1, 0 }; // red, blue; their alpha
    g_auto(SfmThumbnail) thumbnail = thumbnail_of(2, 1, 4, pixels);
    g_assert_cmpint(thumbnail.width, ==, SIZE);
    g_assert_cmpint(thumbnail.height, ==, SIZE / 2);
    g_assert_cmphex(at(&thumbnail, SIZE / 2 - 1, 0), ==, 0xff0000);
    g_assert_cmphex(at(&thumbnail, SIZE / 2, SIZE / 2 - 1), ==, 0x0000ff);
}

static void test_out_of_range(void)
{
    float pixels[] = { 1.5F, -0.5F, NAN };
    g_auto(SfmThumbnail) thumbnail = thumbnail_of(1, 1, 3, pixels);
    g_assert_cmphex(at(&thumbnail, 0, 0), ==, 0xff0000);
}

static void test_gray_and_alpha(void)
{
    float pixels[] = { 0.2F, 1 }; // 0.2 of 255 is 51
    g_auto(SfmThumbnail) thumbnail = thumbnail_of(1, 1, 2, pixels);
    g_assert_cmphex(at(&thumbnail, SIZE - 1, SIZE - 1), ==, 0x333333);
}

// One row of 1000 is less than half a pixel high.
static void test_flat(void)
{
    g_autofree float *pixels = g_new0(float, 1000);
    g_auto(SfmThumbnail) thumbnail = thumbnail_of(1000, 1, 1, pixels);
    g_assert_cmpint(thumbnail.width, ==, SIZE);
    g_assert_cmpint(thumbnail.height, ==, 1);
}

// Rows of 3 pixels of 4 bytes, and 4 bytes more that are no pixel.
static void test_copy(void)
{
    guint8 bytes[2][16] = { { 1, 2, 3, 9, 4, 5, 6, 9, 7, 8, 9, 9, 99, 99, 99, 99 },
                            { 10, 11, 12, 9, 13, 14, 15, 9, 16, 17, 18, 9, 99, 99, 99, 99 } };
    g_autoptr(GdkPixbuf) picture = gdk_pixbuf_new_from_data(bytes[0], GDK_COLORSPACE_RGB, TRUE, 8,
                                                            3, 2, sizeof bytes[0], NULL, NULL);
    g_auto(SfmThumbnail) thumbnail = { 0 };
    sfm_thumbnail_copy(picture, &thumbnail);
    g_assert_cmpint(thumbnail.width, ==, 3);
    g_assert_cmpint(thumbnail.height, ==, 2);
    for (guint8 i = 0; i < 18; i++)
        g_assert_cmpint(thumbnail.pixels[i], ==, i + 1);
}

static void test_empty(void)
{
    g_auto(SfmThumbnail) thumbnail = { 0 };
    sfm_thumbnail_make_empty(&thumbnail);
    g_assert_cmpint(thumbnail.width, ==, SIZE);
    g_assert_cmphex(at(&thumbnail, 7, 7), ==, 0x999999);
    g_assert_cmphex(at(&thumbnail, 8, 7), ==, 0x666666);
    g_assert_cmphex(at(&thumbnail, 8, 8), ==, 0x999999);
    sfm_thumbnail_clear(&thumbnail);
    g_assert_null(thumbnail.pixels);
    sfm_thumbnail_clear(&thumbnail);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/thumbnail/a_pixel_is_the_mean_of_those_in_its_place", test_mean);
    g_test_add_func("/thumbnail/a_small_picture_is_enlarged_and_alpha_not_shown", test_enlarged);
    g_test_add_func("/thumbnail/values_out_of_range_are_white_or_black", test_out_of_range);
    g_test_add_func("/thumbnail/gray_is_gray_beside_alpha_too", test_gray_and_alpha);
    g_test_add_func("/thumbnail/a_flat_picture_has_one_row", test_flat);
    g_test_add_func("/thumbnail/a_copy_leaves_alpha_and_ends_of_rows", test_copy);
    g_test_add_func("/thumbnail/no_picture_is_a_checkerboard", test_empty);
    return g_test_run();
}
