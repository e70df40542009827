// SPDX-License-Identifier: GPL-3.0-or-later
//
// jansson is strict and handles duplicate keys; what it lacks is the words that
// Python writes for infinity, and a limit on depth that we choose. One pass over
// the text, before it sees it, adds both.

#include "file/json.h"

#include <string.h>

#include "file/source.h"

#define MAX_SIZE (4 * 1024 * 1024)

static const char *const words[] = { "NaN", "Infinity", "-Infinity" };

// The word of the three that stands at `text`, or NULL.
static const char *find_word(const char *text, const char *end)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        const size_t length = strlen(words[i]);
        if ((size_t)(end - text) >= length && memcmp(text, words[i], length) == 0)
            return words[i];
    }
    return NULL;
}

// From behind an opening quote to behind the closing one, or to the end.
static const char *skip_string(const char *text, const char *end)
{
    while (text < end && *text != '"')
        text += *text == '\\' && text + 1 < end ? 2 : 1;
    return text < end ? text + 1 : end;
}

static bool is_key(const char *text, const char *end)
{
    while (text < end && g_ascii_isspace(*text))
        text++;
    return text < end && *text == ':';
}

// Copies `text` with quotes around the three words. NULL if it is too deep.
static GString *quote_words(const char *text, const char *end)
{
    g_autoptr(GString) out = g_string_sized_new((gsize)(end - text));
    int depth = 0;

    while (text < end) {
        const char *from = text++;
        const char *word = find_word(from, end);
        if (word && !is_key(from + strlen(word), end)) {
            g_string_append_printf(out, "\"%s\"", word);
            text = from + strlen(word);
            continue;
        }
        if (*from == '"')
            text = skip_string(text, end);
        else if (*from == '{' || *from == '[')
            depth++;
        else if (*from == '}' || *from == ']')
            depth--;
        if (depth > SFM_JSON_DEPTH)
            return NULL;
        g_string_append_len(out, from, text - from);
    }
    return g_steal_pointer(&out);
}

json_t *sfm_json_parse(const char *path, const char *text, size_t size, GError **error)
{
    g_autoptr(GString) quoted = quote_words(text, text + size);
    if (!quoted) {
        sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: JSON nested more than %d deep", path,
                 SFM_JSON_DEPTH);
        return NULL;
    }

    json_error_t why;
    g_autoptr(json_t) root = json_loadb(quoted->str, quoted->len, JSON_REJECT_DUPLICATES, &why);
    if (!root) {
        g_autofree char *reason = sfm_printable(why.text);
        sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: line %d: not JSON: %s", path, why.line, reason);
        return NULL;
    }
    if (!json_is_object(root)) {
        sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: not a JSON object", path);
        return NULL;
    }
    return g_steal_pointer(&root);
}

json_t *sfm_json_read(const char *path, GError **error)
{
    size_t size;
    g_autofree char *text = sfm_source_load(path, MAX_SIZE, &size, error);
    return text ? sfm_json_parse(path, text, size, error) : NULL;
}

char *sfm_json_describe(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING: {
        g_autofree char *text = sfm_printable(json_string_value(value));
        return g_strdup_printf("'%s'", text);
    }
    case JSON_INTEGER:
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    case JSON_REAL:
        return g_strdup_printf("%g", json_real_value(value));
    case JSON_TRUE:
        return g_strdup("true");
    case JSON_FALSE:
        return g_strdup("false");
    case JSON_NULL:
        return g_strdup("null");
    case JSON_ARRAY:
        return g_strdup_printf("a list of %zu", json_array_size(value));
    case JSON_OBJECT:
        return g_strdup("an object");
    }
    g_assert_not_reached();
}
