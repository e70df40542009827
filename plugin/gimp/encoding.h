// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_ENCODING_H
#define SFM_GIMP_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <gegl.h>
#include <libgimp/gimp.h>

// What the numbers of a buffer mean, and the way between them and floats that
// are sRGB-encoded.
//
// Numbers of 8 and 16 bits and floats that are sRGB-encoded already are
// converted here, to the nearest: babl, which picks its ways by their speed, is
// off in the last bit of one float in a hundred of 16 bits, and then sometimes
// in the last bit of the number. Everything else is babl's, and lcms's where
// babl knows no such profile.
typedef struct {
    const Babl *native;            // of the buffer
    const Babl *floats;            // "R'G'B'A float" or the like, in sRGB
    const Babl *meaning;           // `native` in the space that its numbers are of
    GimpColorTransform *transform; // owned; NULL: babl knows the way
    int bits;                      // 8, 16 or 32 of one that is ours to convert; 0: babl's
} SfmEncoding;

typedef enum {
    SFM_ENCODING_READ,  // buffers to floats
    SFM_ENCODING_WRITE, // floats to buffers
} SfmEncodingUse;

// `profile`: of the image; NULL: it has none, or the buffer knows it. Where the
// format has a space of its own, as in GIMP 3.0, that goes first.
void sfm_encoding_init(SfmEncoding *encoding, SfmEncodingUse use, const Babl *native,
                       const Babl *floats, GimpColorProfile *profile);

// A zeroed one is a no-op.
void sfm_encoding_clear(SfmEncoding *encoding);

// As many pixels each.
void sfm_encoding_read(const SfmEncoding *encoding, const void *native, float *floats, size_t num);
void sfm_encoding_write(const SfmEncoding *encoding, const float *floats, void *native, size_t num);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmEncoding, sfm_encoding_clear)

#endif
