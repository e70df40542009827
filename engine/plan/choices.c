// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/choices.h"

#include <stdlib.h>
#include <string.h>

// ---- keys -------------------------------------------------------------------

static void add_shape(GString *key, SfmShape shape)
{
    g_string_append_printf(key, " %u", shape.dim[1]);
    if (shape.dim[2] != 1 || shape.dim[3] != 1)
        g_string_append_printf(key, "x%ux%u", shape.dim[2], shape.dim[3]);
}

char *sfm_call_key(const SfmCall *call)
{
    GString *key = g_string_new(call->op->name);

    for (int i = 0; i < call->num_inputs; i++)
        add_shape(key, call->in[i]);
    g_string_append(key, " >");
    for (int i = 0; i < call->op->num_outputs; i++)
        add_shape(key, call->out[i]);
    return g_string_free(key, FALSE);
}

// "128x32x32" or "128", which may be written in other ways too.
static bool read_shape(const char *word, SfmShape *shape)
{
    g_auto(GStrv) sides = g_strsplit(word, "x", 0);
    const guint num = g_strv_length(sides);

    *shape = SFM_SHAPE(1, 1, 1, 1);
    for (guint i = 0; i < num && i < 3; i++) {
        guint64 value;
        if (!g_ascii_string_to_unsigned(sides[i], 10, 1, UINT32_MAX, &value, NULL))
            return false;
        shape->dim[1 + i] = (uint32_t)value;
    }
    return num == 1 || num == 3;
}

// Up to `most` of them, from words[0] on.
static bool read_shapes(char *const *words, guint num, int most, SfmShape *shapes)
{
    if (num > (guint)most)
        return false;
    for (guint i = 0; i < num; i++) {
        if (!read_shape(words[i], &shapes[i]))
            return false;
    }
    return true;
}

static guint index_of(char *const *words, const char *word)
{
    guint i = 0;
    while (words[i] && strcmp(words[i], word) != 0)
        i++;
    return i;
}

// There is one way to write a key: what was read is written again, and compared.
bool sfm_call_key_valid(const char *key)
{
    g_auto(GStrv) words = g_strsplit(key, " ", 3 + SFM_MAX_INPUTS + SFM_MAX_OUTPUTS);
    const guint num = g_strv_length(words), arrow = index_of(words, ">");
    SfmCall call = { .op = num > 0 ? sfm_op_find(words[0]) : NULL };

    if (!call.op || arrow == num || num - arrow - 1 != (guint)call.op->num_outputs ||
        arrow - 1 < (guint)call.op->min_inputs ||
        !read_shapes(words + 1, arrow - 1, call.op->max_inputs, call.in) ||
        !read_shapes(words + arrow + 1, num - arrow - 1, call.op->num_outputs, call.out))
        return false;
    call.num_inputs = (int)arrow - 1;
    g_autofree char *again = sfm_call_key(&call);
    return strcmp(again, key) == 0;
}

// ---- choices ----------------------------------------------------------------

struct SfmChoices {
    GHashTable *kernels; // key -> kernel's name, both owned
};

SfmChoices *sfm_choices_new(void)
{
    SfmChoices *choices = g_new(SfmChoices, 1);

    choices->kernels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return choices;
}

void sfm_choices_free(SfmChoices *choices)
{
    if (!choices)
        return;
    g_hash_table_unref(choices->kernels);
    g_free(choices);
}

void sfm_choices_set(SfmChoices *choices, const char *key, const char *kernel)
{
    if (kernel)
        g_hash_table_replace(choices->kernels, g_strdup(key), g_strdup(kernel));
    else
        g_hash_table_remove(choices->kernels, key);
}

const char *sfm_choices_find(const SfmChoices *choices, const char *key)
{
    return choices ? g_hash_table_lookup(choices->kernels, key) : NULL;
}

size_t sfm_choices_num(const SfmChoices *choices)
{
    return choices ? g_hash_table_size(choices->kernels) : 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **sfm_choices_keys(const SfmChoices *choices)
{
    const size_t num = sfm_choices_num(choices);

    if (num == 0)
        return g_new0(const char *, 1);
    const char **keys = (const char **)g_hash_table_get_keys_as_array(choices->kernels, NULL);
    qsort(keys, num, sizeof *keys, by_text);
    return keys;
}

SfmChoices *sfm_choices_copy(const SfmChoices *choices)
{
    g_autofree const char **keys = sfm_choices_keys(choices);
    SfmChoices *copy = sfm_choices_new();

    for (size_t i = 0; keys[i]; i++)
        sfm_choices_set(copy, keys[i], sfm_choices_find(choices, keys[i]));
    return copy;
}

bool sfm_choices_equal(const SfmChoices *a, const SfmChoices *b)
{
    g_autofree const char **keys = sfm_choices_keys(a);

    for (size_t i = 0; keys[i]; i++) {
        if (g_strcmp0(sfm_choices_find(a, keys[i]), sfm_choices_find(b, keys[i])) != 0)
            return false;
    }
    return sfm_choices_num(a) == sfm_choices_num(b);
}

char **sfm_choices_lines(const SfmChoices *choices)
{
    g_autofree const char **keys = sfm_choices_keys(choices);
    const size_t num = sfm_choices_num(choices);
    char **lines = g_new0(char *, num + 1);

    for (size_t i = 0; i < num; i++)
        lines[i] = g_strconcat(keys[i], " = ", sfm_choices_find(choices, keys[i]), NULL);
    return lines;
}

static bool parse_line(SfmChoices *choices, const char *line, GError **error)
{
    const char *equals = strstr(line, " = ");
    g_autofree char *key = g_strndup(line, equals ? (gsize)(equals - line) : 0);

    if (!equals || !sfm_call_key_valid(key) || equals[3] == '\0')
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "kernels: \"%s\" does not name a call and the kernel for it", line);
    if (sfm_choices_find(choices, key))
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "kernels: \"%s\" is there twice", key);
    sfm_choices_set(choices, key, equals + 3);
    return true;
}

SfmChoices *sfm_choices_parse(const char *const *lines, GError **error)
{
    g_autoptr(SfmChoices) choices = sfm_choices_new();

    for (size_t i = 0; lines[i]; i++) {
        if (!parse_line(choices, lines[i], error))
            return NULL;
    }
    return g_steal_pointer(&choices);
}
