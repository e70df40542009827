// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_PIXELS_H
#define SFM_GIMP_PIXELS_H

#include <stdbool.h>

#include <gegl.h>
#include <libgimp/gimp.h>
#include <sfumato/engine.h>

// Pictures into buffers and out of them, whatever the buffer's format: gray or
// colour, with alpha or without, 8 to 64 bits, linear or not. Any thread may; one
// buffer, one thread.
//
// `profile` is the image's own (gimp_image_get_color_profile()): what the numbers
// mean where the buffer itself does not know, as in GIMP 2.10, whose buffers all
// claim sRGB. NULL: the image has none.

// A rectangle of a layer or of a selection. Zeroed it is empty.
typedef struct {
    GeglRectangle area; // in pixels of the buffer that it was read from
    int channels;       // 1 .. 4: gray, gray and alpha, RGB, RGBA
    float *pixels;      // [height, width, channels], as SfmPicture says; owned
} SfmPixels;

// Reads what lies in `area`, not empty and within the buffer, with the channels that
// the buffer has; the caller then owns *out. Numbers beyond 0 .. 1, infinite ones
// too, become the nearest within. SFM_ERROR_BAD_ARGUMENT for NaN, which is no colour
// and which a network would spread over the picture; where alpha is 0, and nobody
// sees it, it becomes black. Indexed layers are refused before (sfm_host_target()).
bool sfm_pixels_read(GeglBuffer *buffer, const GeglRectangle *area, GimpColorProfile *profile,
                     SfmPixels *out, GError **error);

// Reads a selection as a mask, one channel, 1 where all is selected. Beyond the buffer
// it is 0, and so it is everywhere if nothing is selected: what that means
// is the caller's to say.
bool sfm_pixels_read_mask(GeglBuffer *selection, const GeglRectangle *area, SfmPixels *out,
                          GError **error);

// For SfmJobParams; borrows.
SfmPicture sfm_pixels_picture(const SfmPixels *pixels);

void sfm_pixels_clear(SfmPixels *pixels);

// Writes the image into the upper left corner of the buffer; an alpha that the image
// does not have becomes opaque. Values are clamped to 0 .. 1, also where the format
// could hold more. SFM_ERROR_BAD_NUMBER for NaN and infinity, with nothing written.
bool sfm_pixels_write(const SfmImage *image, GeglBuffer *buffer, GimpColorProfile *profile,
                      GError **error);

// ---- a layer changed in part --------------------------------------------------
//
// So that what is not selected stays as it was to the bit, whatever the format:
//   1. make the new layer of the type and size of the old one, and
//      gegl_buffer_copy(old, NULL, GEGL_ABYSS_NONE, new, NULL), which copies bits;
//   2. `before` = sfm_pixels_read(old, area): what the job starts from;
//   3. sfm_pixels_mix(image, before, mask), unless the job has done so itself, as
//      inpaint does;
//   4. sfm_pixels_write_changes(image, before, new).

// image = mask image + (1 - mask) before, where the mask is 0 to the bit. All three
// have one size, image and before the same channels; alpha is mixed like a colour.
void sfm_pixels_mix(SfmImage *image, const SfmPixels *before, const SfmPixels *mask);

// Writes the image to where `before` was read from, but only what has changed: pixels
// whose colour is that of `before` keep their bits, and so does each alpha that is the
// same. Same channels, and the buffer's. Else as sfm_pixels_write().
bool sfm_pixels_write_changes(const SfmImage *image, const SfmPixels *before, GeglBuffer *buffer,
                              GimpColorProfile *profile, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmPixels, sfm_pixels_clear)

#endif
