// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_PIXELS_H
#define SFM_GIMP_PIXELS_H

#include <stdbool.h>

#include <gegl.h>
#include <libgimp/gimp.h>
#include <sfumato/engine.h>

// Writes the image into the upper left corner of the buffer, whatever format
// that has: gray or colour, with alpha (which becomes opaque) or without, 8 to 32
// bits, linear or not. Values are clamped to 0 .. 1, also where the format could
// hold more. SFM_ERROR_BAD_NUMBER for NaN and infinity, with nothing written.
//
// `profile`: what the buffer's numbers mean where the buffer itself does not
// know, as in GIMP 2.10, whose buffers all claim sRGB. NULL: the buffer knows.
bool sfm_pixels_write(const SfmImage *image, GeglBuffer *buffer, GimpColorProfile *profile,
                      GError **error);

#endif
