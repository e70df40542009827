// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_FILE_FIELD_H
#define SFM_FILE_FIELD_H

#include <stdint.h>

#include "file/json.h"

// A config as a table: one row a key, from which reading, checking and defaults
// follow. Keys without a row are ignored.

typedef enum {
    SFM_FIELD_BOOL, // bool
    SFM_FIELD_UINT, // uint32_t
    SFM_FIELD_INT,  // int
    SFM_FIELD_REAL, // double; finite
    SFM_FIELD_WORD, // an enum
    SFM_FIELD_TEXT, // char *, owned by the struct; a line of printable UTF-8
} SfmFieldType;

typedef struct {
    const char *name;
    int value;
} SfmWord;

typedef struct {
    const char *key;
    SfmFieldType type;
    size_t offset;        // of the struct's member
    double min, max;      // of numbers, both allowed
    double otherwise;     // where the key is absent: a number, 0 or 1, a word's value
    bool nullable;        // whether null may stand for 0, or for no text
    const SfmWord *words; // what an SFM_FIELD_WORD may be; ends with a NULL
} SfmField;

// Gives the members of `out` that have a row the value for absent keys. Texts
// become NULL.
void sfm_fields_default(const SfmField *fields, size_t num, void *out);

// Reads the keys that are there. The messages are "PATH: KEY: ...": a wrong type
// or a number out of range is SFM_ERROR_BAD_FILE, a word that is not among those
// of its row SFM_ERROR_UNSUPPORTED. On failure `out` may be half read.
bool sfm_fields_read(const char *path, const json_t *root, const SfmField *fields, size_t num,
                     void *out, GError **error);

// One text out of `words`, as in a list of block types.
bool sfm_word_read(const char *path, const char *key, const json_t *value, const SfmWord *words,
                   int *out, GError **error);

// One whole number, as in a list of channels.
bool sfm_uint_read(const char *path, const char *key, const json_t *value, uint32_t min,
                   uint32_t max, uint32_t *out, GError **error);

// One text of a list; the caller then owns it. NULL on failure.
char *sfm_text_read(const char *path, const char *key, const json_t *value, GError **error);

#endif
