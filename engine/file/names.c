// SPDX-License-Identifier: GPL-3.0-or-later
#include "file/names.h"

#include <stdbool.h>
#include <string.h>

// A part of a dotted name, below `parent` or below a number below that.
static const struct {
    const char *parent, *old, *current;
} renamed[] = {
    { "attentions", "query", "to_q" },         // until 2023
    { "attentions", "key", "to_k" },           //
    { "attentions", "value", "to_v" },         //
    { "attentions", "proj_attn", "to_out.0" }, //
    { "downsamplers", "op", "conv" },          // 2022
    { "downsamplers", "Conv2d_0", "conv" },    //
    { "upsamplers", "Conv2d_0", "conv" },      //
    { "time_proj", "W", "weight" },            //
};

static bool is_number(const char *part)
{
    return *part && strspn(part, "0123456789") == strlen(part);
}

static const char *parent_of(char **parts, size_t i)
{
    if (i >= 2 && is_number(parts[i - 1]))
        return parts[i - 2];
    return i >= 1 ? parts[i - 1] : "";
}

char *sfm_current_name(const char *name)
{
    g_auto(GStrv) parts = g_strsplit(name, ".", -1);

    for (size_t i = 0; parts[i]; i++) {
        for (size_t row = 0; row < G_N_ELEMENTS(renamed); row++) {
            if (strcmp(parts[i], renamed[row].old) == 0 &&
                strcmp(parent_of(parts, i), renamed[row].parent) == 0) {
                g_free(parts[i]);
                parts[i] = g_strdup(renamed[row].current);
            }
        }
    }
    return g_strjoinv(".", parts);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **sfm_sorted_keys(GHashTable *table, guint *num)
{
    char **keys = (char **)g_hash_table_get_keys_as_array(table, num);
    qsort(keys, *num, sizeof(*keys), by_text);
    return keys;
}
