// SPDX-License-Identifier: GPL-3.0-or-later
//
// Of a PNG file only the texts are looked at, of which each is in a chunk of its
// own: length, type, data, checksum. Ours are not compressed. W3C: Portable Network
// Graphics (Third Edition), sections 5.3 and 11.3.3. https://www.w3.org/TR/png-3/
#include "common/recipe_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <sfumato/error.h>

#include "common/translation.h"

enum { TYPE_SIZE = 4, FRAME_SIZE = 12 }; // bytes; the last: of a chunk

static const char signature[] = "\x89PNG\r\n\x1a\n";

typedef struct {
    const char *data;
    size_t size; // bytes
} Span;

static Span skip(Span span, size_t size)
{
    return (Span){ span.data + size, span.size - size };
}

static uint32_t length_of(Span chunk)
{
    uint32_t length;
    memcpy(&length, chunk.data, sizeof(length));
    return GUINT32_FROM_BE(length);
}

// What follows after a text that ends with 0; empty where there is no end.
static Span after_zero(Span span)
{
    const char *zero = memchr(span.data, '\0', span.size);
    return zero ? skip(span, (size_t)(zero + 1 - span.data)) : (Span){ span.data, 0 };
}

// The text of a chunk's data, if it has ours; NULL: it has not.
static char *text_in(Span data, bool international)
{
    const Span text = after_zero(data);
    if (data.size <= sizeof(SFM_RECIPE_NAME) ||
        memcmp(data.data, SFM_RECIPE_NAME, sizeof(SFM_RECIPE_NAME)) != 0)
        return NULL;
    if (!international)
        return g_strndup(text.data, text.size);
    // Compressed or not, how, a language, the name in that language, the text.
    if (text.size < 2 || text.data[0] != 0)
        return NULL;
    const Span last = after_zero(after_zero(skip(text, 2)));
    return g_strndup(last.data, last.size);
}

static char *find_in_png(Span file)
{
    for (Span at = skip(file, strlen(signature)); at.size >= FRAME_SIZE;) {
        const uint32_t length = length_of(at);
        const char *type = at.data + TYPE_SIZE;
        if (length > at.size - FRAME_SIZE)
            return NULL;
        const Span data = { type + TYPE_SIZE, length };
        const bool international = memcmp(type, "iTXt", TYPE_SIZE) == 0;
        char *text = international || memcmp(type, "tEXt", TYPE_SIZE) == 0
                         ? text_in(data, international)
                         : NULL;
        if (text)
            return text;
        at = skip(at, FRAME_SIZE + (size_t)length);
    }
    return NULL;
}

char *sfm_recipe_text_read(const char *path, GError **error)
{
    g_autofree char *bytes = NULL;
    g_autoptr(GError) cause = NULL;
    gsize size;
    if (!g_file_get_contents(path, &bytes, &size, &cause)) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_FILE, "%s", cause->message);
        return NULL;
    }
    const Span file = { bytes, size };
    if (size < strlen(signature) || memcmp(bytes, signature, strlen(signature)) != 0)
        return g_strndup(bytes, size);
    char *text = find_in_png(file);
    if (!text)
        g_set_error(error, SFM_ERROR, SFM_ERROR_NOT_FOUND,
                    _("%s holds no recipe; programs that edit a picture may leave it out"), path);
    return text;
}
