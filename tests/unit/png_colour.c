// SPDX-License-Identifier: GPL-3.0-or-later
//
// PNG files of all kinds, written by libpng or by hand: what becomes of their
// colours, and of the chunks that say what those are.

#include "cli/png_file.h"
#include "cli/png_read.h"

#include <math.h>
#include <string.h>

#include <glib/gstdio.h>
#include <lcms2.h>
#include <png.h>

static char *path; // of the one file that there is

// ---- files ------------------------------------------------------------------

typedef void (*Chunks)(png_structp png, png_infop info);

// So many pixels in a row; `samples` as PNG has them. `before`: chunks that libpng
// knows; `raw`: others, behind the header.
static void write_png(int width, int depth, int type, const void *samples, Chunks before,
                      Chunks raw)
{
    FILE *file = g_fopen(path, "wb");
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);

    g_assert_nonnull(file);
    png_init_io(png, file);
    png_set_IHDR(png, info, (png_uint_32)width, 1, depth, type, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (before)
        before(png, info);
    png_write_info_before_PLTE(png, info);
    if (raw)
        raw(png, info);
    png_write_info(png, info);
    png_write_row(png, samples);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    fclose(file);
}

static PngPicture read_png(void)
{
    PngPicture picture = { 0 };
    g_autoptr(GError) error = NULL;
    const bool done = png_file_read(path, PNG_COLOURS, &picture, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    return picture;
}

// Writes the pixels as those of a job that started from `like`, and reads the file.
static PngPicture write_back(const PngPicture *like, float *pixels, int depth)
{
    const SfmPicture *p = &like->picture;
    const SfmImage image = {
        .width = p->width, .height = p->height, .channels = p->channels, .pixels = pixels
    };
    g_autoptr(GError) error = NULL;
    png_files_write(&image, &path, 1, (PngStyle){ depth, like }, &error);
    g_assert_no_error(error);
    return read_png();
}

static void assert_near(const float *got, const float *want, int num, float most)
{
    for (int i = 0; i < num; i++)
        g_assert_cmpfloat_with_epsilon(got[i], want[i], most);
}

// ---- profiles ---------------------------------------------------------------

static GBytes *bytes_of(cmsHPROFILE profile)
{
    cmsUInt32Number size = 0;
    g_assert_true(cmsSaveProfileToMem(profile, NULL, &size));
    g_autofree void *data = g_malloc(size);
    g_assert_true(cmsSaveProfileToMem(profile, data, &size));
    cmsCloseProfile(profile);
    return g_bytes_new(data, size);
}

// Adobe RGB (1998): gamma 563 / 256.
static GBytes *adobe(void)
{
    const cmsCIExyY white = { 0.3127, 0.3290, 1 };
    const cmsCIExyYTRIPLE rgb = { { 0.64, 0.33, 1 }, { 0.21, 0.71, 1 }, { 0.15, 0.06, 1 } };
    cmsToneCurve *curve = cmsBuildGamma(NULL, 563.0 / 256.0);
    cmsToneCurve *curves[] = { curve, curve, curve };
    GBytes *bytes = bytes_of(cmsCreateRGBProfile(&white, &rgb, curves));
    cmsFreeToneCurve(curve);
    return bytes;
}

static GBytes *linear_gray(void)
{
    cmsToneCurve *curve = cmsBuildGamma(NULL, 1.0);
    GBytes *bytes = bytes_of(cmsCreateGrayProfile(cmsD50_xyY(), curve));
    cmsFreeToneCurve(curve);
    return bytes;
}

static GBytes *profile; // for the next file

static void with_profile(png_structp png, png_infop info)
{
    gsize size;
    const void *data = g_bytes_get_data(profile, &size);
    png_set_iCCP(png, info, "of a test", PNG_COMPRESSION_TYPE_BASE, data, (png_uint_32)size);
}

static void assert_has_profile(const PngPicture *picture)
{
    g_assert_cmpstr(picture->colour.profile_name, ==, "of a test");
    g_assert_true(g_bytes_equal(picture->colour.profile, profile));
}

static void use_profile(GBytes *other)
{
    g_clear_pointer(&profile, g_bytes_unref);
    profile = other;
}

// (113, 66, 187) / 255 in Adobe RGB: 0.49899, 0.25075, 0.75163 in sRGB, from the two
// matrices and curves by hand; (0.5, 0.25, 0.75) is (113.18, 65.82, 186.59).
static void converts_from_adobe_rgb_and_back(void)
{
    const png_byte samples[] = { 113, 66, 187, 113, 66, 187 };
    use_profile(adobe());
    write_png(2, 8, PNG_COLOR_TYPE_RGB, samples, with_profile, NULL);
    g_auto(PngPicture) picture = read_png();
    assert_near(picture.pixels, (float[]){ 0.49899F, 0.25075F, 0.75163F }, 3, 1e-4F);
    assert_has_profile(&picture);

    float changed[6] = { 0.5F, 0.25F, 0.75F, 1, 1, 1 };
    g_auto(PngPicture) back = write_back(&picture, changed, 8);
    assert_has_profile(&back);
    g_assert_cmpint(back.depth, ==, 8);
    g_assert_cmpmem(back.samples, 6, ((png_byte[]){ 113, 66, 187, 255, 255, 255 }), 6);
}

// (29087, 16917, 47953) / 65535, as above.
static void keeps_sixteen_bits_and_alpha(void)
{
    const png_byte samples[] = { 0x71, 0x9f, 0x42, 0x15, 0xbb, 0x51, 0x12, 0x34 };
    use_profile(adobe());
    write_png(1, 16, PNG_COLOR_TYPE_RGB_ALPHA, samples, with_profile, NULL);
    g_auto(PngPicture) picture = read_png();
    assert_near(picture.pixels, (float[]){ 0.5F, 0.25F, 0.75F, (float)0x1234 / 65535.0F }, 4,
                2e-5F);
    float changed[4] = { 0.5F, 0.25F, 0.75F, picture.pixels[3] };
    g_auto(PngPicture) back = write_back(&picture, changed, 16);
    const guint16 *words = back.samples;
    g_assert_cmpint(ABS(words[0] - 29087), <=, 2); // profiles hold 16 bits behind the point
    g_assert_cmpint(ABS(words[1] - 16917), <=, 2);
    g_assert_cmpint(ABS(words[2] - 47953), <=, 2);
    g_assert_cmpint(words[3], ==, 0x1234);
}

// Adobe RGB's green is beyond sRGB: the nearest goes into the job, but where the job
// has changed nothing, the file keeps its own.
static void keeps_what_is_unchanged_beyond_srgb(void)
{
    const png_byte samples[] = { 0, 255, 0, 10, 20, 30 };
    use_profile(adobe());
    write_png(2, 8, PNG_COLOR_TYPE_RGB, samples, with_profile, NULL);
    g_auto(PngPicture) picture = read_png();
    assert_near(picture.pixels, (float[]){ 0, 1, 0 }, 3, 1e-4F);
    float pixels[6];
    memcpy(pixels, picture.pixels, sizeof pixels);
    pixels[3] = pixels[4] = pixels[5] = 1.0F;
    g_auto(PngPicture) back = write_back(&picture, pixels, 8);
    g_assert_cmpmem(back.samples, 6, ((png_byte[]){ 0, 255, 0, 255, 255, 255 }), 6);
}

// 0.5 sRGB-encoded is 0.21404 of the light, 54.58 of 255.
static void converts_gray_by_a_gray_profile(void)
{
    const png_byte samples[] = { 55, 200 };
    use_profile(linear_gray());
    write_png(1, 8, PNG_COLOR_TYPE_GRAY_ALPHA, samples, with_profile, NULL);
    g_auto(PngPicture) picture = read_png();
    g_assert_cmpfloat_with_epsilon(picture.pixels[0], 0.50180, 1e-4); // of 55 / 255
    float changed[2] = { 0.5F, picture.pixels[1] };
    g_auto(PngPicture) back = write_back(&picture, changed, 8);
    g_assert_cmpmem(back.samples, 2, ((png_byte[]){ 55, 200 }), 2);
    assert_has_profile(&back);
}

static void assert_exact(const PngPicture *picture, const png_byte *samples, int num)
{
    for (int i = 0; i < num; i++)
        g_assert_cmpfloat(picture->pixels[i], ==, (float)samples[i] / 255.0F);
}

static const png_byte some[] = { 1, 2, 3, 113, 66, 187, 254, 128, 7 };

static void leaves_a_profile_of_srgb_alone(void)
{
    use_profile(bytes_of(cmsCreate_sRGBProfile()));
    write_png(3, 8, PNG_COLOR_TYPE_RGB, some, with_profile, NULL);
    g_auto(PngPicture) picture = read_png();
    assert_exact(&picture, some, 9);
    assert_has_profile(&picture);
}

// ---- other chunks -----------------------------------------------------------

static void with_srgb(png_structp png, png_infop info)
{
    png_set_sRGB(png, info, PNG_sRGB_INTENT_ABSOLUTE);
}

static void with_gamma_of_srgb(png_structp png, png_infop info)
{
    png_set_gAMA_fixed(png, info, 45455);
}

static void with_linear_gamma(png_structp png, png_infop info)
{
    png_set_gAMA_fixed(png, info, 100000);
}

static void with_adobe_primaries(png_structp png, png_infop info)
{
    png_set_gAMA_fixed(png, info, 45471); // 256 / 563
    png_set_cHRM_fixed(png, info, 31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000);
}

static void takes_srgb_and_what_stands_beside_it_as_it_is(void)
{
    const Chunks chunks[] = { with_srgb, with_gamma_of_srgb, NULL };

    for (size_t i = 0; i < G_N_ELEMENTS(chunks); i++) {
        write_png(3, 8, PNG_COLOR_TYPE_RGB, some, chunks[i], NULL);
        g_auto(PngPicture) picture = read_png();
        assert_exact(&picture, some, 9);
        g_auto(PngPicture) back = write_back(&picture, picture.pixels, 8);
        g_assert_cmpint(back.colour.is_srgb, ==, chunks[i] == with_srgb);
        g_assert_cmpint(back.colour.intent, ==, chunks[i] == with_srgb ? 3 : 0);
        g_assert_cmpint(back.colour.has_gamma, ==, chunks[i] == with_gamma_of_srgb);
    }
}

static void converts_by_gamma(void)
{
    const png_byte samples[] = { 55, 13, 133 }; // 54.58, 12.97, 133.24
    write_png(1, 8, PNG_COLOR_TYPE_RGB, samples, with_linear_gamma, NULL);
    g_auto(PngPicture) picture = read_png();
    assert_near(picture.pixels, (float[]){ 0.5F, 0.25F, 0.75F }, 3, 2e-3F);
    float changed[3] = { 0.5F, 0.25F, 0.75F };
    g_auto(PngPicture) back = write_back(&picture, changed, 8);
    g_assert_cmpmem(back.samples, 3, samples, 3);
    g_assert_cmpint(back.colour.gamma, ==, 100000);
}

static void converts_by_primaries(void)
{
    const png_byte samples[] = { 113, 66, 187 };
    write_png(1, 8, PNG_COLOR_TYPE_RGB, samples, with_adobe_primaries, NULL);
    g_auto(PngPicture) picture = read_png();
    assert_near(picture.pixels, (float[]){ 0.49899F, 0.25075F, 0.75163F }, 3, 2e-4F);
    g_auto(PngPicture) back = write_back(&picture, picture.pixels, 8);
    g_assert_cmpint(back.colour.primaries[4], ==, 21000);
}

static png_byte cicp[4];

static void with_cicp(png_structp png, png_infop info)
{
    png_write_chunk(png, (png_const_bytep) "cICP", cicp, 4);
}

// Display P3: (119, 67, 184) / 255 is 0.49925, 0.24964, 0.74734 in sRGB.
static void converts_by_code_points(void)
{
    const png_byte samples[] = { 119, 67, 184 };
    memcpy(cicp, (png_byte[]){ 12, 13, 0, 1 }, 4);
    write_png(1, 8, PNG_COLOR_TYPE_RGB, samples, NULL, with_cicp);
    g_auto(PngPicture) picture = read_png();
    assert_near(picture.pixels, (float[]){ 0.49925F, 0.24964F, 0.74734F }, 3, 2e-4F);
    float changed[3] = { 0.5F, 0.25F, 0.75F }; // 119.18, 67.10, 184.65
    g_auto(PngPicture) back = write_back(&picture, changed, 8);
    g_assert_cmpmem(back.samples, 3, ((png_byte[]){ 119, 67, 185 }), 3);
    g_assert_cmpmem(back.colour.cicp, 4, cicp, 4);
}

// ---- kinds of pixels --------------------------------------------------------

static void with_palette(png_structp png, png_infop info)
{
    const png_color colours[] = { { 10, 20, 30 }, { 200, 100, 50 } };
    const png_byte alphas[] = { 255, 51 };
    png_set_PLTE(png, info, colours, 2);
    png_set_tRNS(png, info, alphas, 2, NULL);
}

static void with_transparent_gray(png_structp png, png_infop info)
{
    const png_color_16 colour = { .gray = 1 };
    png_set_tRNS(png, info, NULL, 0, &colour);
}

static void expands_palettes_and_few_bits(void)
{
    write_png(2, 1, PNG_COLOR_TYPE_PALETTE, (png_byte[]){ 0x40 }, with_palette, NULL);
    g_auto(PngPicture) colours = read_png();
    assert_exact(&colours, (png_byte[]){ 10, 20, 30, 255, 200, 100, 50, 51 }, 8);
    g_assert_cmpint(colours.picture.channels, ==, 4);
    write_png(4, 2, PNG_COLOR_TYPE_GRAY, (png_byte[]){ 0x1b }, with_transparent_gray, NULL);
    g_auto(PngPicture) grays = read_png();
    g_assert_cmpint(grays.picture.channels, ==, 2);
    assert_exact(&grays, (png_byte[]){ 0, 255, 85, 0, 170, 255, 255, 255 }, 8);
}

static void gives_the_depth_that_was_asked_for(void)
{
    write_png(3, 8, PNG_COLOR_TYPE_RGB, some, NULL, NULL);
    g_auto(PngPicture) picture = read_png();
    g_auto(PngPicture) deep = write_back(&picture, picture.pixels, 16);
    g_assert_cmpint(deep.depth, ==, 16);
    for (int i = 0; i < 9; i++)
        g_assert_cmpint(((guint16 *)deep.samples)[i], ==, 257 * some[i]);
    g_auto(PngPicture) back = write_back(&deep, deep.pixels, 8);
    g_assert_cmpmem(back.samples, 9, some, 9);
}

static void takes_a_mask_for_numbers(void)
{
    g_auto(PngPicture) mask = { 0 };
    write_png(3, 8, PNG_COLOR_TYPE_RGB, some, with_linear_gamma, NULL);
    g_assert_true(png_file_read(path, PNG_NUMBERS, &mask, NULL));
    assert_exact(&mask, some, 9);
}

// ---- what is wrong ----------------------------------------------------------

static void refuses(const char *sentence)
{
    g_auto(PngPicture) picture = { 0 };
    g_autoptr(GError) error = NULL;
    g_assert_false(png_file_read(path, PNG_COLOURS, &picture, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_FILE);
    g_assert_true(g_str_has_prefix(error->message, path));
    if (!strstr(error->message, sentence))
        g_error("\"%s\" is not in \"%s\"", sentence, error->message);
}

static guint32 adler32(const guint8 *data, gsize size)
{
    guint32 a = 1, b = 0;
    for (gsize i = 0; i < size; i++)
        a = (a + data[i]) % 65521, b = (b + a) % 65521;
    return b << 16 | a;
}

// libpng would not write a bad one: a name, method 0, and zlib's blocks of stored bytes.
static void with_bad_profile(png_structp png, png_infop info)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(profile, &size);
    g_autoptr(GByteArray) chunk = g_byte_array_new();
    const guint32 sum = GUINT32_TO_BE(adler32(data, size));

    g_assert_cmpuint(size, <, 65536);
    g_byte_array_append(chunk, (const guint8 *)"bad\0\0\x78\x01\x01", 8);
    const guint16 lengths[] = { GUINT16_TO_LE((guint16)size), GUINT16_TO_LE((guint16)~size) };
    g_byte_array_append(chunk, (const guint8 *)lengths, 4);
    g_byte_array_append(chunk, data, (guint)size);
    g_byte_array_append(chunk, (const guint8 *)&sum, 4);
    png_write_chunk(png, (png_const_bytep) "iCCP", chunk->data, chunk->len);
}

// A profile with other bytes at a place.
static void spoil(gsize at, const char *bytes, gsize num)
{
    gsize size;
    g_autoptr(GBytes) whole = adobe();
    guint8 *data = g_bytes_unref_to_data(g_steal_pointer(&whole), &size);
    memcpy(data + at, bytes, num);
    use_profile(g_bytes_new_take(data, size));
    write_png(3, 8, PNG_COLOR_TYPE_RGB, some, NULL, with_bad_profile);
}

static void refuses_profiles_that_are_of_no_use(void)
{
    g_autoptr(GBytes) whole = adobe();

    use_profile(g_bytes_new_from_bytes(whole, 0, g_bytes_get_size(whole) - 40));
    write_png(3, 8, PNG_COLOR_TYPE_RGB, some, NULL, with_bad_profile);
    refuses("its colour profile (chunk iCCP) is ");
    use_profile(g_bytes_new_from_bytes(whole, 0, 100));
    write_png(3, 8, PNG_COLOR_TYPE_RGB, some, NULL, with_bad_profile);
    refuses("its colour profile (chunk iCCP) is ");
    spoil(0, "\x7f\xff\xff\xfc", 4); // its size
    refuses("its colour profile (chunk iCCP) is ");
    spoil(12, "link", 4); // its class
    refuses("its colour profile (chunk iCCP) is ");
    spoil(12, "nmcl", 4);
    refuses("its colour profile (chunk iCCP) is ");
    spoil(16, "CMYK", 4); // its colours
    refuses("its colour profile (chunk iCCP) is ");
    spoil(16, "GRAY", 4);
    refuses("its colour profile (chunk iCCP) is ");
    spoil(128, "\0\0\0\0", 4); // how many tags it has
    refuses("its colour profile (chunk iCCP) is damaged");
}

// Of lcms, not of libpng: no bytes may crash, whatever they make of the colours.
static void survives_any_byte_of_a_profile(void)
{
    g_autoptr(GBytes) whole = adobe();
    gsize size = g_bytes_get_size(whole);
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);

    for (int i = 0; i < 400; i++) {
        g_autofree guint8 *data = g_memdup2(g_bytes_get_data(whole, NULL), size);
        for (int k = 0; k < 3; k++)
            data[g_rand_int_range(rand, 0, (gint32)size)] = (guint8)g_rand_int(rand);
        const PngColour colour = { .profile = g_bytes_new(data, size) };
        g_auto(PngConverter) to = { 0 }, from = { 0 };
        float pixels[3] = { 0.2F, 0.5F, 0.7F };
        if (png_converter_init(&to, &colour, 3, PNG_TO_SRGB, NULL))
            png_converter_run(&to, pixels, 3, 1);
        if (png_converter_init(&from, &colour, 3, PNG_FROM_SRGB, NULL))
            png_converter_run(&from, pixels, 3, 1);
        for (int c = 0; c < 3; c++)
            g_assert_true(pixels[c] >= 0.0F && pixels[c] <= 1.0F);
        g_bytes_unref(colour.profile);
    }
}

static void with_no_primaries(png_structp png, png_infop info)
{
    const png_byte chrm[32] = { 0 };
    png_write_chunk(png, (png_const_bytep) "cHRM", chrm, sizeof chrm);
}

static void refuses_code_points_of_hdr(void)
{
    memcpy(cicp, (png_byte[]){ 9, 16, 0, 1 }, 4); // PQ
    write_png(3, 8, PNG_COLOR_TYPE_RGB, some, NULL, with_cicp);
    refuses("its chunk cICP says 9, 16, 0, 1, which Sfumato does not know; convert");
}

// libpng leaves them out, so that the numbers are sRGB.
static void survives_primaries_of_nothing(void)
{
    g_auto(PngPicture) picture = { 0 };
    g_autoptr(GError) error = NULL;
    write_png(3, 8, PNG_COLOR_TYPE_RGB, some, NULL, with_no_primaries);
    // libpng 1.6.39 passes over such a chunk, that of Debian 13 hands it out.
    if (png_file_read(path, PNG_COLOURS, &picture, &error)) {
        assert_exact(&picture, some, 9);
        return;
    }
    g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_FILE);
    g_assert_true(strstr(error->message, "its chunks gAMA and cHRM make no sense; convert"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *folder = g_dir_make_tmp("sfumato-XXXXXX", NULL);
    path = g_build_filename(folder, "picture.png", NULL);

#define TEST(name) g_test_add_func("/cli/png_colour/" #name, name)
    TEST(converts_from_adobe_rgb_and_back);
    TEST(keeps_sixteen_bits_and_alpha);
    TEST(keeps_what_is_unchanged_beyond_srgb);
    TEST(converts_gray_by_a_gray_profile);
    TEST(leaves_a_profile_of_srgb_alone);
    TEST(takes_srgb_and_what_stands_beside_it_as_it_is);
    TEST(converts_by_gamma);
    TEST(converts_by_primaries);
    TEST(converts_by_code_points);
    TEST(expands_palettes_and_few_bits);
    TEST(gives_the_depth_that_was_asked_for);
    TEST(takes_a_mask_for_numbers);
    TEST(refuses_profiles_that_are_of_no_use);
    TEST(survives_any_byte_of_a_profile);
    TEST(refuses_code_points_of_hdr);
    TEST(survives_primaries_of_nothing);
    const int result = g_test_run();
    use_profile(NULL);
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
    return result;
}
