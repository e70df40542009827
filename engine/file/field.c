// SPDX-License-Identifier: GPL-3.0-or-later
#include "file/field.h"

#include <math.h>
#include <string.h>

// "PATH: KEY: VALUE is not REASON".
static bool refuse(const char *path, const char *key, const json_t *value, const char *reason,
                   GError **error)
{
    g_autofree char *text = sfm_json_describe(value);
    return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: %s is not %s", path, key, text, reason);
}

static bool read_number(const char *path, const char *key, const json_t *value, double min,
                        double max, double *out, GError **error)
{
    if (!json_is_number(value))
        return refuse(path, key, value, "a finite number", error);
    *out = json_number_value(value);
    if (*out >= min && *out <= max)
        return true;
    return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: %g is not between %g and %g", path, key,
                    *out, min, max);
}

static bool read_whole(const char *path, const char *key, const json_t *value, double min,
                       double max, double *out, GError **error)
{
    if (!read_number(path, key, value, min, max, out, error))
        return false;
    return *out == floor(*out) || refuse(path, key, value, "a whole number", error);
}

bool sfm_uint_read(const char *path, const char *key, const json_t *value, uint32_t min,
                   uint32_t max, uint32_t *out, GError **error)
{
    double number = 0;
    if (!read_whole(path, key, value, min, max, &number, error))
        return false;
    *out = (uint32_t)number;
    return true;
}

// "silu, relu and gelu are"
static char *list_words(const SfmWord *words)
{
    GString *list = g_string_new(words[0].name);
    for (size_t i = 1; words[i].name; i++) {
        g_string_append(list, words[i + 1].name ? ", " : " and ");
        g_string_append(list, words[i].name);
    }
    g_string_append(list, words[1].name ? " are" : " is");
    return g_string_free(list, FALSE);
}

bool sfm_word_read(const char *path, const char *key, const json_t *value, const SfmWord *words,
                   int *out, GError **error)
{
    const char *text = json_string_value(value);
    for (size_t i = 0; text && words[i].name; i++) {
        if (strcmp(words[i].name, text) == 0) {
            *out = words[i].value;
            return true;
        }
    }
    g_autofree char *got = sfm_json_describe(value);
    g_autofree char *list = list_words(words);
    return sfm_fail(error, SFM_ERROR_UNSUPPORTED, "%s: %s: %s is not supported; %s", path, key, got,
                    list);
}

char *sfm_text_read(const char *path, const char *key, const json_t *value, GError **error)
{
    const char *text = json_string_value(value);
    bool printable = text != NULL;

    for (const char *c = text; printable && *c; c = g_utf8_next_char(c))
        printable = g_unichar_isprint(g_utf8_get_char(c));
    if (!printable) {
        refuse(path, key, value, "a printable line of text", error);
        return NULL;
    }
    return g_strdup(text);
}

G_STATIC_ASSERT(sizeof(int) == sizeof(uint32_t));
G_STATIC_ASSERT(sizeof(SfmFieldType) == sizeof(int)); // as of all enums without huge values

// A text becomes NULL. No row's number goes beyond INT_MAX.
static void store(const SfmField *field, void *out, double number)
{
    char *member = (char *)out + field->offset;

    switch (field->type) {
    case SFM_FIELD_BOOL:
        *(bool *)member = number != 0;
        break;
    case SFM_FIELD_UINT:
    case SFM_FIELD_INT:
    case SFM_FIELD_WORD:
        *(int *)member = (int)number;
        break;
    case SFM_FIELD_REAL:
        *(double *)member = number;
        break;
    case SFM_FIELD_TEXT:
        *(char **)member = NULL;
        break;
    }
}

static bool read_bool(const char *path, const char *key, const json_t *value, double *number,
                      GError **error)
{
    *number = json_is_true(value);
    return json_is_boolean(value) || refuse(path, key, value, "true or false", error);
}

static bool read_word(const char *path, const SfmField *field, const json_t *value, double *number,
                      GError **error)
{
    int word;
    if (!sfm_word_read(path, field->key, value, field->words, &word, error))
        return false;
    *number = word;
    return true;
}

static bool read_text(const char *path, const SfmField *field, const json_t *value, void *out,
                      GError **error)
{
    char **member = (char **)((char *)out + field->offset);
    *member = sfm_text_read(path, field->key, value, error);
    return *member != NULL;
}

static bool read_field(const char *path, const SfmField *field, const json_t *value, void *out,
                       GError **error)
{
    double number = 0;
    bool read = false;

    if (field->type == SFM_FIELD_TEXT)
        return read_text(path, field, value, out, error);
    if (field->type == SFM_FIELD_BOOL)
        read = read_bool(path, field->key, value, &number, error);
    else if (field->type == SFM_FIELD_WORD)
        read = read_word(path, field, value, &number, error);
    else if (field->type == SFM_FIELD_REAL)
        read = read_number(path, field->key, value, field->min, field->max, &number, error);
    else
        read = read_whole(path, field->key, value, field->min, field->max, &number, error);
    if (read)
        store(field, out, number);
    return read;
}

void sfm_fields_default(const SfmField *fields, size_t num, void *out)
{
    for (size_t i = 0; i < num; i++)
        store(&fields[i], out, fields[i].otherwise);
}

bool sfm_fields_read(const char *path, const json_t *root, const SfmField *fields, size_t num,
                     void *out, GError **error)
{
    for (size_t i = 0; i < num; i++) {
        const json_t *value = json_object_get(root, fields[i].key);
        if (!value)
            continue;
        if (json_is_null(value) && fields[i].nullable)
            store(&fields[i], out, 0);
        else if (!read_field(path, &fields[i], value, out, error))
            return false;
    }
    return true;
}
