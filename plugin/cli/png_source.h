// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_PNG_SOURCE_H
#define SFM_CLI_PNG_SOURCE_H

#include <stddef.h>

#include <png.h>

// What is left of a file that lies in memory; borrowed.
typedef struct {
    const void *data;
    size_t size; // bytes
} PngSource;

// Lets libpng read from there, and fail where it ends. `source` outlives the reading.
void png_source_set(png_structp png, PngSource *source);

#endif
