// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every precision that GIMP has, with and without alpha, in colour and gray, in sRGB
// and under profiles: what is written, what comes back, and that both GIMPs agree.
#include "gimp/pixels.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 67, HEIGHT = 71, NUM = WIDTH * HEIGHT }; // two bands, neither whole

// ---- formats ----------------------------------------------------------------

typedef struct {
    const char *name;
    double step; // between its numbers at most, of 1
} Type;

static const Type types[] = {
    { "u8", 1.0 / 255 },    { "u16", 1.0 / 65535 }, { "u32", 1e-7 },
    { "half", 1.0 / 2048 }, { "float", 1e-7 },      { "double", 1e-7 },
};

typedef struct {
    const char *colour, *gray; // babl's names, before the A for alpha
    bool linear;
} Encoding;

static const Encoding encodings[] = {
    { "R'G'B'", "Y'", false },
    { "R~G~B~", "Y~", false }, // GIMP 3.0's perceptual
    { "RGB", "Y", true },
};

static const Babl *format_of(const Encoding *e, const Type *t, int channels)
{
    g_autofree char *name = g_strdup_printf("%s%s %s", channels <= 2 ? e->gray : e->colour,
                                            channels % 2 ? "" : "A", t->name);
    return babl_format(name);
}

// sRGB, IEC 61966-2-1.
static double decode(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

// ---- pictures ---------------------------------------------------------------

// The same numbers everywhere, of so many bits from a congruential generator.
static SfmImage picture_new(int channels, int bits)
{
    SfmImage image = { .width = WIDTH, .height = HEIGHT, .channels = channels };
    guint32 state = 1;

    image.pixels = g_new(float, NUM *(gsize)channels);
    for (int i = 0; i < NUM * channels; i++) {
        state = state * 1664525 + 1013904223;
        image.pixels[i] = (float)(state >> (32 - bits)) / (float)((1 << bits) - 1);
    }
    for (int c = 0; c < channels; c++)
        image.pixels[c] = 0.0F, image.pixels[channels + c] = 1.0F;
    return image;
}

static GeglBuffer *buffer_new(const Babl *format)
{
    return gegl_buffer_new(GEGL_RECTANGLE(0, 0, WIDTH, HEIGHT), format);
}

// Written and read: the largest difference of a colour, or of an alpha.
static double worst_of(int channels, const Babl *format, GimpColorProfile *profile)
{
    g_auto(SfmImage) image = picture_new(channels, 24);
    g_auto(SfmPixels) got = { 0 };
    g_autoptr(GeglBuffer) buffer = buffer_new(format);
    g_autoptr(GError) error = NULL;
    double worst = 0;

    sfm_pixels_write(&image, buffer, profile, &error);
    g_assert_no_error(error);
    sfm_pixels_read(buffer, gegl_buffer_get_extent(buffer), profile, &got, &error);
    g_assert_no_error(error);
    g_assert_cmpint(got.channels, ==, channels);
    for (int i = 0; i < NUM * channels; i++)
        worst = fmax(worst, fabs((double)got.pixels[i] - (double)image.pixels[i]));
    return worst;
}

// Half a step at most; linear numbers are coarse near black, where the curve of sRGB
// rises by 12.92, but those of floats are as fine there as the rest. Floats on the
// way add some millionths.
static double bound_of(const Encoding *e, const Type *t)
{
    const bool integer = t->name[0] == 'u';
    return t->step / 2 * (e->linear && integer ? 12.92 : 1) + 5e-6;
}

static void come_back_within(int channels)
{
    for (size_t e = 0; e < G_N_ELEMENTS(encodings); e++) {
        for (size_t t = 0; t < G_N_ELEMENTS(types); t++) {
            const Babl *format = format_of(&encodings[e], &types[t], channels);
            const double worst = worst_of(channels, format, NULL);
            const double bound = bound_of(&encodings[e], &types[t]);
            g_test_message("%-18s off by %.2g, at most %.2g", babl_format_get_encoding(format),
                           worst, bound);
            g_assert_cmpfloat(worst, <=, bound);
        }
    }
}

static void test_all_precisions(void)
{
    for (int channels = 1; channels <= 4; channels++)
        come_back_within(channels);
}

// ---- known numbers ----------------------------------------------------------

// (0.5, 0.25, 0.75, 0.6) at the upper left, as numbers of 0 .. 1.
static void written_vector(const Babl *format, GimpColorProfile *profile, double got[4])
{
    float values[4] = { 0.5F, 0.25F, 0.75F, 0.6F };
    const SfmImage image = { .width = 1, .height = 1, .channels = 4, .pixels = values };
    g_autoptr(GeglBuffer) buffer = gegl_buffer_new(GEGL_RECTANGLE(0, 0, 1, 1), format);
    const Babl *type = babl_format_get_type(format, 0);
    union {
        guint8 u8[4];
        guint16 u16[4];
        guint32 u32[4];
        float f32[4];
        double f64[4];
    } raw;

    g_assert_true(sfm_pixels_write(&image, buffer, profile, NULL));
    gegl_buffer_get(buffer, NULL, 1.0, format, &raw, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    for (int c = 0; c < 4; c++)
        got[c] = type == babl_type("u8")      ? raw.u8[c] / 255.0
                 : type == babl_type("u16")   ? raw.u16[c] / 65535.0
                 : type == babl_type("u32")   ? raw.u32[c] / 4294967295.0
                 : type == babl_type("float") ? (double)raw.f32[c]
                                              : raw.f64[c];
}

static void test_known_numbers(void)
{
    const double encoded[4] = { 0.5, 0.25, 0.75, 0.6 };

    for (size_t e = 0; e < G_N_ELEMENTS(encodings); e++) {
        for (size_t t = 0; t < G_N_ELEMENTS(types); t++) {
            double got[4];
            if (strcmp(types[t].name, "half") == 0) // has no type in C
                continue;
            written_vector(format_of(&encodings[e], &types[t], 4), NULL, got);
            for (int c = 0; c < 4; c++) {
                const double want = encodings[e].linear && c < 3 ? decode(encoded[c]) : encoded[c];
                g_assert_cmpfloat_with_epsilon(got[c], want, types[t].step / 2 + 5e-6);
            }
        }
    }
}

// By hand, from the matrices of both spaces and the gamma of 563 / 256.
static void test_adobe_numbers(void)
{
    g_autoptr(GObject) adobe = (GObject *)gimp_color_profile_new_rgb_adobe();
    double got[4];

    written_vector(babl_format("R'G'B'A u8"), (GimpColorProfile *)adobe, got);
    for (int c = 0; c < 3; c++)
        g_assert_cmpint((int)lrint(255 * got[c]), ==, ((int[]){ 113, 66, 187 })[c]);
    written_vector(babl_format("R'G'B'A u16"), (GimpColorProfile *)adobe, got);
    for (int c = 0; c < 3; c++)
        g_assert_cmpfloat_with_epsilon(65535 * got[c], ((double[]){ 29086.9, 16916.7, 47953.1 })[c],
                                       3); // profiles hold 16 bits behind the point
    g_assert_cmpfloat_with_epsilon(got[3], 0.6, 1e-5);
}

// ---- profiles ---------------------------------------------------------------

// A step of Adobe RGB's numbers is one of 2.2 in the light near white; a channel of
// sRGB takes at most 1.4 + 0.4 of that, and near black its curve rises by 12.92. What
// babl's powers err by there was measured at 0.0007, a fifth of a step of 8 bits.
static void test_adobe_precisions(void)
{
    g_autoptr(GObject) adobe = (GObject *)gimp_color_profile_new_rgb_adobe();
    const double rise = 2.2 * 1.8 * 12.92;

    for (size_t e = 0; e < G_N_ELEMENTS(encodings); e++) {
        for (size_t t = 0; t < G_N_ELEMENTS(types); t++) {
            for (int channels = 3; channels <= 4; channels++) {
                const Babl *format = format_of(&encodings[e], &types[t], channels);
                const double worst = worst_of(channels, format, (GimpColorProfile *)adobe);
                g_test_message("%s off by %.2g, at most %.2g", babl_format_get_encoding(format),
                               worst, types[t].step / 2 * rise + 1e-3);
                g_assert_cmpfloat(worst, <=, types[t].step / 2 * rise + 1e-3);
            }
        }
    }
}

static void test_gray_profiles(void)
{
    GimpColorProfile *const profiles[] = { gimp_color_profile_new_d65_gray_linear(),
                                           gimp_color_profile_new_d65_gray_srgb_trc(),
                                           gimp_color_profile_new_d50_gray_lab_trc() };

    for (size_t p = 0; p < G_N_ELEMENTS(profiles); p++) {
        for (size_t t = 0; t < G_N_ELEMENTS(types); t += 2) {
            for (int channels = 1; channels <= 2; channels++) {
                const Babl *format = format_of(&encodings[0], &types[t], channels);
                const double worst = worst_of(channels, format, profiles[p]);
                g_test_message("%s, profile %zu: off by %.2g", babl_format_get_encoding(format), p,
                               worst);
                g_assert_cmpfloat(worst, <=, types[t].step / 2 * 12.92 + 1e-3);
            }
        }
        g_object_unref(profiles[p]);
    }
}

// 54.58: 0.5 is 0.21404 of the light.
static void test_linear_profile(void)
{
    g_autoptr(GObject) linear = (GObject *)gimp_color_profile_new_rgb_srgb_linear();
    g_autoptr(GObject) gray = (GObject *)gimp_color_profile_new_d65_gray_linear();
    float half = 0.5F;
    const SfmImage image = { .width = 1, .height = 1, .channels = 1, .pixels = &half };
    g_autoptr(GeglBuffer) buffer =
        gegl_buffer_new(GEGL_RECTANGLE(0, 0, 1, 1), babl_format("Y' u8"));
    guint8 byte;
    double got[4];

    written_vector(babl_format("R'G'B'A u8"), (GimpColorProfile *)linear, got);
    for (int c = 0; c < 3; c++)
        g_assert_cmpint((int)lrint(255 * got[c]), ==, ((int[]){ 55, 13, 133 })[c]);
    g_assert_true(sfm_pixels_write(&image, buffer, (GimpColorProfile *)gray, NULL));
    gegl_buffer_get(buffer, NULL, 1.0, NULL, &byte, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    g_assert_cmpint(byte, ==, 55);
}

// GIMP 3.0's buffers know their space, GIMP 2.10's do not: the same numbers.
static void test_buffers_that_know(void)
{
    g_autoptr(GObject) adobe = (GObject *)gimp_color_profile_new_rgb_adobe();
    g_auto(SfmImage) image = picture_new(4, 24);
    const Babl *plain = babl_format("R'G'B'A u16");
    const Babl *knowing = gimp_color_profile_get_format(
        (GimpColorProfile *)adobe, plain, GIMP_COLOR_RENDERING_INTENT_RELATIVE_COLORIMETRIC, NULL);
    g_autoptr(GeglBuffer) one = buffer_new(plain), other = buffer_new(knowing);
    g_autofree guint16 *words = g_new(guint16, 4 * NUM), *others = g_new(guint16, 4 * NUM);

    g_assert_true(sfm_pixels_write(&image, one, (GimpColorProfile *)adobe, NULL));
    g_assert_true(sfm_pixels_write(&image, other, (GimpColorProfile *)adobe, NULL));
    gegl_buffer_get(one, NULL, 1.0, plain, words, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    gegl_buffer_get(other, NULL, 1.0, knowing, others, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    g_assert_cmpmem(words, 8 * NUM, others, 8 * NUM);
}

static void test_srgb_profile(void)
{
    g_autoptr(GObject) srgb = (GObject *)gimp_color_profile_new_rgb_srgb();
    g_auto(SfmImage) image = picture_new(3, 24);
    g_autoptr(GeglBuffer) one = buffer_new(babl_format("R'G'B' u16"));
    g_autoptr(GeglBuffer) other = buffer_new(babl_format("R'G'B' u16"));
    g_autofree guint16 *words = g_new(guint16, 3 * NUM), *others = g_new(guint16, 3 * NUM);

    g_assert_true(sfm_pixels_write(&image, one, NULL, NULL));
    g_assert_true(sfm_pixels_write(&image, other, (GimpColorProfile *)srgb, NULL));
    gegl_buffer_get(one, NULL, 1.0, NULL, words, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    gegl_buffer_get(other, NULL, 1.0, NULL, others, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    g_assert_cmpmem(words, 6 * NUM, others, 6 * NUM);
}

// ---- both GIMPs -------------------------------------------------------------

static char *hash_of(const void *bytes, gsize size)
{
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, size);
}

// SHA-256 of what is in the buffer when the recorded picture has been written.
static char *hash_in(const Babl *native, GimpColorProfile *profile)
{
    const gsize size = NUM * (gsize)babl_format_get_bytes_per_pixel(native);
    g_auto(SfmImage) image = picture_new(babl_format_get_n_components(native), 16);
    g_autoptr(GeglBuffer) buffer = buffer_new(native);
    g_autofree guint8 *bytes = g_malloc(size);

    g_assert_true(sfm_pixels_write(&image, buffer, profile, NULL));
    gegl_buffer_get(buffer, NULL, 1.0, NULL, bytes, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    return hash_of(bytes, size);
}

// What should be there, from the definition alone: u8, or u16 where `words`. Numbers of
// 16 bits never lie half way between two of 8: 255 k / 65535 is k / 257.
static char *hash_wanted(int channels, bool words, bool linear)
{
    g_auto(SfmImage) image = picture_new(channels, 16);
    const gsize num = NUM * (gsize)channels;
    g_autofree guint8 *bytes = g_new(guint8, num);
    g_autofree guint16 *pairs = g_new(guint16, num);

    for (gsize i = 0; i < num; i++) {
        const bool alpha = channels % 2 == 0 && i % (gsize)channels == (gsize)channels - 1;
        const double v = (double)image.pixels[i], number = linear && !alpha ? decode(v) : v;
        bytes[i] = (guint8)lrint(255 * number);
        pairs[i] = (guint16)lrint(65535 * number);
    }
    return words ? hash_of(pairs, 2 * num) : hash_of(bytes, num);
}

static void test_recorded(void)
{
    static const struct {
        const char *format, *hash;
        int channels;
        bool words, linear;
    } recorded[] = {
        { "R'G'B'A u8", "967926f26c3f26753f367baecdd3345c4d251ff70e4b43176e8c0f49dc771301", 4,
          false, false },
        { "R'G'B' u16", "f8275046facf11d773eae2b7522235cc46ef6decf657bac16081614e8af8b1a8", 3, true,
          false },
        { "Y'A u8", "6623f0de35628989f3446f57d5057f424d40abd5a68784dd04f1fd76be498e28", 2, false,
          false },
        { "Y' u16", "72daa79c5c5f6f8b13b0724909d57e241f3a76d5f0aadfef7a38012c3ed313b8", 1, true,
          false },
        { "RGBA u8", "e5fe3fbc965b4a351e2f588c427e8c8ac51a6226c1c34fc9343489435c7b813d", 4, false,
          true },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(recorded); i++) {
        g_autofree char *got = hash_in(babl_format(recorded[i].format), NULL);
        g_autofree char *want =
            hash_wanted(recorded[i].channels, recorded[i].words, recorded[i].linear);
        g_assert_cmpstr(want, ==, recorded[i].hash);
        g_assert_cmpstr(got, ==, recorded[i].hash);
    }
}

static void test_recorded_in_adobe(void)
{
    g_autoptr(GObject) adobe = (GObject *)gimp_color_profile_new_rgb_adobe();
    g_autofree char *got = hash_in(babl_format("R'G'B'A u8"), (GimpColorProfile *)adobe);
    g_assert_cmpstr(got, ==, "6a67508903eec9a320cbd2af34e595460370393961017258f698ec796e3748fd");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    gegl_init(NULL, NULL);
    g_test_add_func("/precisions/all_give_back_what_was_written", test_all_precisions);
    g_test_add_func("/precisions/a_known_colour_has_the_numbers_of_each", test_known_numbers);
    g_test_add_func("/precisions/a_known_colour_has_its_numbers_in_adobe_rgb", test_adobe_numbers);
    g_test_add_func("/precisions/all_give_back_what_was_written_in_adobe_rgb",
                    test_adobe_precisions);
    g_test_add_func("/precisions/all_give_back_gray_under_gray_profiles", test_gray_profiles);
    g_test_add_func("/precisions/linear_profiles_get_linear_light", test_linear_profile);
    g_test_add_func("/precisions/buffers_that_know_their_space_and_others_get_the_same",
                    test_buffers_that_know);
    g_test_add_func("/precisions/a_profile_of_srgb_changes_nothing", test_srgb_profile);
    g_test_add_func("/precisions/both_gimps_write_the_recorded_picture_alike", test_recorded);
    g_test_add_func("/precisions/both_gimps_write_it_alike_in_adobe_rgb", test_recorded_in_adobe);
    const int status = g_test_run();
    gegl_exit();
    return status;
}
