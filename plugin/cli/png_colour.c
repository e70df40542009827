// SPDX-License-Identifier: GPL-3.0-or-later
//
// lcms2 converts, in floats and without its optimisations, which round to 16 bits.
// A profile comes from a file and may be anything; lcms says no more than that it
// cannot use it.

#include "png_colour.h"

#include <math.h>
#include <string.h>

#include <lcms2.h>
#include <sfumato/error.h>

#include "common/translation.h"

void png_colour_clear(PngColour *colour)
{
    g_clear_pointer(&colour->profile, g_bytes_unref);
    g_free(colour->profile_name);
    *colour = (PngColour){ 0 };
}

void png_converter_clear(PngConverter *converter)
{
    if (converter->transform)
        cmsDeleteTransform(converter->transform);
    if (converter->context)
        cmsDeleteContext(converter->context);
    *converter = (PngConverter){ 0 };
}

static bool bad_colour(const char *sentence, GError **error)
{
    g_set_error_literal(error, SFM_ERROR, SFM_ERROR_BAD_FILE, sentence);
    return false;
}

// ---- profiles ---------------------------------------------------------------

static void close_profile(cmsHPROFILE profile)
{
    cmsCloseProfile(profile);
}

static void free_curve(cmsToneCurve *curve)
{
    cmsFreeToneCurve(curve);
}

G_DEFINE_AUTO_CLEANUP_FREE_FUNC(cmsHPROFILE, close_profile, NULL)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(cmsToneCurve, free_curve)

static bool is_gray(int channels)
{
    return channels <= 2;
}

// A gray profile has no primaries, and its white is that of all connection spaces.
static cmsHPROFILE profile_of(cmsContext context, bool gray, const int32_t primaries[8],
                              cmsToneCurve *curve)
{
    double xy[8];
    cmsToneCurve *curves[] = { curve, curve, curve };

    if (!curve)
        return NULL;
    if (gray)
        return cmsCreateGrayProfileTHR(context, cmsD50_xyY(), curve);
    for (int i = 0; i < 8; i++)
        xy[i] = primaries[i] / 100000.0;
    const cmsCIExyY white = { xy[0], xy[1], 1.0 };
    const cmsCIExyYTRIPLE rgb = { { xy[2], xy[3], 1.0 },
                                  { xy[4], xy[5], 1.0 },
                                  { xy[6], xy[7], 1.0 } };
    return cmsCreateRGBProfileTHR(context, &white, &rgb, curves);
}

static const int32_t bt709[8] = { 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000 };

// IEC 61966-2-1.
static cmsToneCurve *srgb_curve(cmsContext context)
{
    return cmsBuildParametricToneCurve(
        context, 4, (double[]){ 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045 });
}

static cmsHPROFILE srgb_profile(cmsContext context, bool gray)
{
    g_autoptr(cmsToneCurve) curve = srgb_curve(context);
    return profile_of(context, gray, bt709, curve);
}

// Whether gAMA and cHRM are those which the PNG specification has beside sRGB, for
// programs that do not know it.
static bool is_nearly_srgb(const PngColour *colour)
{
    if (colour->has_gamma && ABS(colour->gamma - 45455) > 100)
        return false;
    for (int i = 0; colour->has_primaries && i < 8; i++) {
        if (ABS(colour->primaries[i] - bt709[i]) > 100)
            return false;
    }
    return true;
}

static cmsHPROFILE gamma_profile(cmsContext context, const PngColour *colour, bool gray)
{
    g_autoptr(cmsToneCurve) curve =
        colour->has_gamma ? cmsBuildGamma(context, 100000.0 / colour->gamma) : srgb_curve(context);
    return profile_of(context, gray, colour->has_primaries ? colour->primaries : bt709, curve);
}

// H.273, table 2; NULL: Sfumato does not know it.
static const int32_t *cicp_primaries(uint8_t code)
{
    static const struct {
        uint8_t code;
        int32_t primaries[8];
    } known[] = {
        { 1, { 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000 } },
        { 9, { 31270, 32900, 70800, 29200, 17000, 79700, 13100, 4600 } },
        { 11, { 31400, 35100, 68000, 32000, 26500, 69000, 15000, 6000 } },
        { 12, { 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000 } },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if (known[i].code == code)
            return known[i].primaries;
    }
    return NULL;
}

// H.273, table 3, likewise. Those of HDR have no place between 0 and 1.
static cmsToneCurve *cicp_curve(cmsContext context, uint8_t code)
{
    switch (code) {
    case 1:
    case 6:
    case 14:
    case 15:
        return cmsBuildParametricToneCurve(
            context, 4, (double[]){ 1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081 });
    case 4:
        return cmsBuildGamma(context, 2.2);
    case 5:
        return cmsBuildGamma(context, 2.8);
    case 8:
        return cmsBuildGamma(context, 1.0);
    case 13:
        return srgb_curve(context);
    default:
        return NULL;
    }
}

static cmsHPROFILE cicp_profile(cmsContext context, const PngColour *colour, bool gray,
                                GError **error)
{
    const uint8_t *cicp = colour->cicp;
    const int32_t *primaries = cicp_primaries(cicp[0]);
    g_autoptr(cmsToneCurve) curve = cicp_curve(context, cicp[1]);
    g_autofree char *why =
        g_strdup_printf(_("its chunk cICP says %d, %d, %d, %d, which Sfumato does not know; "
                          "convert the picture to sRGB in another program"),
                        cicp[0], cicp[1], cicp[2], cicp[3]);
    cmsHPROFILE profile = primaries && cicp[2] == 0 && cicp[3] == 1
                              ? profile_of(context, gray, primaries, curve)
                              : NULL;

    if (!profile)
        bad_colour(why, error);
    return profile;
}

static bool damaged_profile(GError **error)
{
    return bad_colour(
        _("its colour profile (chunk iCCP) is damaged; convert the picture to sRGB in "
          "another program"),
        error);
}

static bool check_profile(cmsHPROFILE profile, bool gray, GError **error)
{
    const cmsProfileClassSignature class = cmsGetDeviceClass(profile);
    const cmsColorSpaceSignature space = cmsGetColorSpace(profile);

    if (class != cmsSigInputClass && class != cmsSigDisplayClass && class != cmsSigOutputClass &&
        class != cmsSigColorSpaceClass)
        return bad_colour(_("its colour profile (chunk iCCP) is not one of pictures; convert the "
                            "picture to sRGB in another program"),
                          error);
    if (space == (gray ? cmsSigGrayData : cmsSigRgbData))
        return true;
    return bad_colour(gray ? _("its colour profile (chunk iCCP) is not for gray pixels, which it "
                               "has; convert the picture to sRGB in another program")
                           : _("its colour profile (chunk iCCP) is not for RGB pixels, which it "
                               "has; convert the picture to sRGB in another program"),
                      error);
}

static cmsHPROFILE icc_profile(cmsContext context, const PngColour *colour, bool gray,
                               GError **error)
{
    gsize size;
    const void *data = g_bytes_get_data(colour->profile, &size);
    g_auto(cmsHPROFILE) profile =
        size <= G_MAXUINT32 ? cmsOpenProfileFromMemTHR(context, data, (cmsUInt32Number)size) : NULL;

    if (!profile)
        damaged_profile(error);
    if (!profile || !check_profile(profile, gray, error))
        return NULL;
    return g_steal_pointer(&profile);
}

// NULL with `error` set, or without: it is sRGB.
static cmsHPROFILE open_profile(cmsContext context, const PngColour *colour, bool gray,
                                GError **error)
{
    if (colour->has_cicp)
        return cicp_profile(context, colour, gray, error);
    if (colour->profile)
        return icc_profile(context, colour, gray, error);
    if (colour->is_srgb || is_nearly_srgb(colour))
        return NULL;
    cmsHPROFILE profile = gamma_profile(context, colour, gray);
    if (!profile)
        bad_colour(_("its chunks gAMA and cHRM make no sense; convert the picture to sRGB in "
                     "another program"),
                   error);
    return profile;
}

// ---- converting -------------------------------------------------------------

// In place, alpha left alone.
static cmsUInt32Number format_of(int channels)
{
    const cmsUInt32Number alphas = channels % 2 ? 0 : 1;

    return is_gray(channels) ? TYPE_GRAY_FLT | EXTRA_SH(alphas) : TYPE_RGB_FLT | EXTRA_SH(alphas);
}

static cmsHTRANSFORM make_transform(cmsContext context, cmsHPROFILE from, cmsHPROFILE to,
                                    int channels)
{
    const cmsUInt32Number format = format_of(channels);

    return cmsCreateTransformTHR(context, from, format, to, format, INTENT_RELATIVE_COLORIMETRIC,
                                 cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE |
                                     cmsFLAGS_NOOPTIMIZE);
}

static void clamp(float *pixel, int colours)
{
    for (int c = 0; c < colours; c++)
        pixel[c] = pixel[c] > 0.0F ? MIN(pixel[c], 1.0F) : 0.0F; // NaN is 0
}

void png_converter_run(const PngConverter *converter, float *pixels, int channels, size_t num)
{
    const int colours = is_gray(channels) ? 1 : 3;

    if (!converter->transform)
        return;
    for (size_t i = 0; i < num;) {
        const size_t some = MIN(num - i, 65536);
        cmsDoTransform(converter->transform, pixels, pixels, (cmsUInt32Number)some);
        for (size_t k = 0; k < some; k++, pixels += channels)
            clamp(pixels, colours);
        i += some;
    }
}

enum { PROBES = 9 }; // a side of the cube

// Whether all the converter does is lost in rounding.
static bool changes_nothing(const PngConverter *converter, int channels)
{
    for (int i = 0; i < PROBES * PROBES * PROBES; i++) {
        const float from[4] = { (float)(i % PROBES) / (PROBES - 1),
                                (float)(i / PROBES % PROBES) / (PROBES - 1),
                                (float)(i / PROBES / PROBES) / (PROBES - 1) };
        float to[4];
        memcpy(to, from, sizeof to);
        png_converter_run(converter, to, channels, 1);
        for (int c = 0; c < (is_gray(channels) ? 1 : 3); c++) {
            if (fabsf(to[c] - from[c]) > 1.0F / 1024.0F)
                return false;
        }
    }
    return true;
}

static void ignore(cmsContext context, cmsUInt32Number code, const char *text)
{
}

bool png_converter_init(PngConverter *converter, const PngColour *colour, int channels,
                        PngDirection direction, GError **error)
{
    g_auto(PngConverter) made = { .context = cmsCreateContext(NULL, NULL) };
    const bool gray = is_gray(channels);
    GError *why = NULL;

    *converter = (PngConverter){ 0 };
    cmsSetLogErrorHandlerTHR(made.context, ignore);
    g_auto(cmsHPROFILE) theirs = open_profile(made.context, colour, gray, &why);
    g_auto(cmsHPROFILE) ours = theirs ? srgb_profile(made.context, gray) : NULL;
    if (why)
        g_propagate_error(error, why);
    if (!theirs)
        return !why;
    made.transform = direction == PNG_TO_SRGB
                         ? make_transform(made.context, theirs, ours, channels)
                         : make_transform(made.context, ours, theirs, channels);
    if (!made.transform && direction == PNG_TO_SRGB)
        return damaged_profile(error);
    if (!made.transform)
        return bad_colour(_("its colour profile (chunk iCCP) is for reading alone; convert the "
                            "picture to sRGB in another program"),
                          error);
    if (changes_nothing(&made, channels))
        return true;
    *converter = made;
    made = (PngConverter){ 0 };
    return true;
}
