// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/encoding.h"

#include <math.h>
#include <string.h>

// Whether the numbers are encoded as ours. What is perceptual is sRGB-encoded in
// every space, what is non-linear only in sRGB's own.
static bool is_srgb_encoded(const Babl *format)
{
    static const char *const names[] = { "R'G'B'", "Y'", "R~G~B~", "Y~" };
    const char *encoding = babl_format_get_encoding(format);
    const size_t length = strcspn(encoding, "A ");

    if (babl_format_get_space(format) != babl_space("sRGB"))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (length == strlen(names[i]) && strncmp(encoding, names[i], length) == 0)
            return true;
    }
    return false;
}

static int bits_of(const Babl *format)
{
    const Babl *type = babl_format_get_type(format, 0);

    return type == babl_type("u8")      ? 8
           : type == babl_type("u16")   ? 16
           : type == babl_type("float") ? 32
                                        : 0;
}

// As babl's spaces, but for any profile.
static GimpColorTransform *make_transform(SfmEncodingUse use, const Babl *native,
                                          const Babl *floats, GimpColorProfile *profile)
{
    const bool gray = babl_format_get_n_components(floats) <= 2;
    g_autoptr(GObject) srgb = (GObject *)(gray ? gimp_color_profile_new_d65_gray_srgb_trc()
                                               : gimp_color_profile_new_rgb_srgb());
    GimpColorProfile *ours = (GimpColorProfile *)srgb;
    const bool write = use == SFM_ENCODING_WRITE;

    return gimp_color_transform_new(write ? ours : profile, write ? floats : native,
                                    write ? profile : ours, write ? native : floats,
                                    GIMP_COLOR_RENDERING_INTENT_RELATIVE_COLORIMETRIC,
                                    GIMP_COLOR_TRANSFORM_FLAGS_BLACK_POINT_COMPENSATION);
}

void sfm_encoding_init(SfmEncoding *encoding, SfmEncodingUse use, const Babl *native,
                       const Babl *floats, GimpColorProfile *profile)
{
    const bool knows = babl_format_get_space(native) != babl_space("sRGB");
    const Babl *meaning =
        profile && !knows
            ? gimp_color_profile_get_format(profile, native,
                                            GIMP_COLOR_RENDERING_INTENT_RELATIVE_COLORIMETRIC, NULL)
            : native;

    *encoding = (SfmEncoding){ .native = native, .floats = floats };
    encoding->meaning = meaning ? meaning : native;
    if (!meaning)
        encoding->transform = make_transform(use, native, floats, profile);
    const bool same_layout =
        babl_format_get_n_components(native) == babl_format_get_n_components(floats);
    if (!encoding->transform && same_layout && is_srgb_encoded(encoding->meaning))
        encoding->bits = bits_of(native);
}

void sfm_encoding_clear(SfmEncoding *encoding)
{
    g_clear_object(&encoding->transform);
}

// ---- to floats --------------------------------------------------------------

static void read_ours(int bits, const void *native, float *floats, size_t num)
{
    const uint8_t *bytes = native;
    const uint16_t *words = native;

    if (bits == 32)
        memcpy(floats, native, num * sizeof(float));
    else if (bits == 16)
        for (size_t i = 0; i < num; i++)
            floats[i] = (float)words[i] / 65535.0F;
    else
        for (size_t i = 0; i < num; i++)
            floats[i] = (float)bytes[i] / 255.0F;
}

void sfm_encoding_read(const SfmEncoding *e, const void *native, float *floats, size_t num)
{
    if (e->bits)
        read_ours(e->bits, native, floats, num * (size_t)babl_format_get_n_components(e->floats));
    else if (e->transform)
        gimp_color_transform_process_pixels(e->transform, e->native, native, e->floats, floats,
                                            num);
    else
        babl_process(babl_fish(e->meaning, e->floats), native, floats, (glong)num);
}

// ---- back -------------------------------------------------------------------

// To the nearest, halves to even.
static void write_ours(int bits, const float *floats, void *native, size_t num)
{
    uint8_t *bytes = native;
    uint16_t *words = native;

    if (bits == 32)
        memcpy(native, floats, num * sizeof(float));
    else if (bits == 16)
        for (size_t i = 0; i < num; i++)
            words[i] = (uint16_t)rintf(65535.0F * floats[i]);
    else
        for (size_t i = 0; i < num; i++)
            bytes[i] = (uint8_t)rintf(255.0F * floats[i]);
}

void sfm_encoding_write(const SfmEncoding *e, const float *floats, void *native, size_t num)
{
    if (e->bits)
        write_ours(e->bits, floats, native, num * (size_t)babl_format_get_n_components(e->floats));
    else if (e->transform)
        gimp_color_transform_process_pixels(e->transform, e->floats, floats, e->native, native,
                                            num);
    else
        babl_process(babl_fish(e->floats, e->meaning), floats, native, (glong)num);
}
