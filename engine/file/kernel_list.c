// SPDX-License-Identifier: GPL-3.0-or-later
#include "file/kernel_list.h"

#include "file/field.h"

// A line of printable text, as what stands on either side of the "=" must be.
static bool is_line(const char *path, const char *key, const char *text, GError **error)
{
    g_autoptr(json_t) value = json_string(text);
    g_autofree char *line = sfm_text_read(path, key, value, error);
    return line != NULL;
}

static char *read_line(const char *path, const char *key, const char *call, const json_t *kernel,
                       GError **error)
{
    g_autofree char *name = sfm_text_read(path, key, kernel, error);

    return name && is_line(path, key, call, error) ? g_strconcat(call, " = ", name, NULL) : NULL;
}

char **sfm_kernel_list_read(const char *path, const char *key, json_t *value, size_t most,
                            GError **error)
{
    const char *call;
    json_t *kernel;

    if (!json_is_object(value) || json_object_size(value) > most) {
        g_autofree char *text = sfm_json_describe(value);
        sfm_fail(error, SFM_ERROR_BAD_FILE,
                 "%s: %s: %s is not at most %zu calls with their kernels", path, key, text, most);
        return NULL;
    }
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
    json_object_foreach(value, call, kernel)
    {
        g_autofree char *line = read_line(path, key, call, kernel, error);
        if (!line)
            return NULL;
        g_strv_builder_add(lines, line);
    }
    return g_strv_builder_end(lines);
}
