// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_PNG_COLOUR_H
#define SFM_CLI_PNG_COLOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

// What a PNG file says about its colours, chunk by chunk. Of several the first
// here goes before the others. Zeroed it says nothing: then the numbers are sRGB.
typedef struct {
    bool has_cicp;
    uint8_t cicp[4];    // primaries, transfer, matrix, whether full range: ITU-T H.273
    GBytes *profile;    // iCCP, as an ICC file; owned; NULL: none
    char *profile_name; // owned
    bool is_srgb;
    int intent; // of sRGB
    bool has_gamma, has_primaries;
    int32_t gamma;        // gAMA: of encoding, in 100000ths
    int32_t primaries[8]; // cHRM: x and y of white, red, green, blue; likewise
} PngColour;

// A zeroed one is a no-op.
void png_colour_clear(PngColour *colour);

// The way between the numbers of a file and sRGB, both encoded and 0 .. 1.
typedef struct {
    void *context, *transform; // lcms's; owned; NULL: the numbers stay as they are
} PngConverter;

typedef enum {
    PNG_TO_SRGB,
    PNG_FROM_SRGB,
} PngDirection;

// `channels` 1 .. 4, as in SfmPicture. Relative colorimetric with black point
// compensation, as GIMP converts. What is sRGB to within 1/1024 stays as it is: rounding in
// profiles alone makes 1/2000. False, with SFM_ERROR_BAD_FILE: a clause about what is wrong with
// the colours, behind the file's name; `converter` is then as good to clear.
bool png_converter_init(PngConverter *converter, const PngColour *colour, int channels,
                        PngDirection direction, GError **error);

// Converts `num` pixels in place, and clamps; alpha stays.
void png_converter_run(const PngConverter *converter, float *pixels, int channels, size_t num);

// A zeroed one is a no-op.
void png_converter_clear(PngConverter *converter);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PngColour, png_colour_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PngConverter, png_converter_clear)

#endif
