// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_PNG_READ_H
#define SFM_CLI_PNG_READ_H

#include <stdbool.h>

#include <sfumato/engine.h>

#include "png_colour.h"

// A picture from a file.
typedef struct {
    SfmPicture picture; // sRGB; borrows `pixels`
    float *pixels;      // owned
    void *samples;      // what the file has: of 8 or 16 bits in the machine's order; owned
    int depth;          // bits a channel: 8 or 16
    PngColour colour;   // owned
} PngPicture;

typedef enum {
    PNG_COLOURS, // converted to sRGB from what the file says of its colours
    PNG_NUMBERS, // as they are: a mask has no colours
} PngMeaning;

// Reads a PNG file of any kind. Palettes become colours, or gray where they have none; a
// transparent colour becomes alpha, less than 8 bits become 8; colours beyond sRGB become the
// nearest within. False, with SFM_ERROR_NOT_FOUND, SFM_ERROR_BAD_FILE or SFM_ERROR_NO_MEMORY;
// `picture` is then as good to clear.
bool png_file_read(const char *path, PngMeaning meaning, PngPicture *picture, GError **error);

// A zeroed one is a no-op.
void png_picture_clear(PngPicture *picture);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PngPicture, png_picture_clear)

#endif
