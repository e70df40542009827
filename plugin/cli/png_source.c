// SPDX-License-Identifier: GPL-3.0-or-later
#include "png_source.h"

#include <string.h>

#include "common/translation.h"

static void read_data(png_structp png, png_bytep to, size_t size)
{
    PngSource *source = png_get_io_ptr(png);

    if (size > source->size)
        png_error(png, _("it ends too early"));
    memcpy(to, source->data, size);
    source->data = (const char *)source->data + size;
    source->size -= size;
}

void png_source_set(png_structp png, PngSource *source)
{
    png_set_read_fn(png, source, read_data);
}
