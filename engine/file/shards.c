// SPDX-License-Identifier: GPL-3.0-or-later
//
// The index of weights that are spread over several files: a JSON object whose
// weight_map says in which file of the same folder each tensor is. The files
// must hold these tensors and no others.

#include "file/json.h"
#include "file/names.h"
#include "file/tensor_list.h"

#define MAX_SHARDS 10000

// A name in the index's own folder, and nowhere else.
static bool is_plain_name(const char *name)
{
    if (!name || !*name || *name == '.')
        return false;
    for (const char *c = name; *c; c++) {
        if (!g_ascii_isgraph(*c) || *c == '/')
            return false;
    }
    return true;
}

// The shards by path, NULL on failure. A set, so that each is opened once.
static bool find_shards(const SfmTensorFile *file, const json_t *map, GHashTable *shards,
                        GError **error)
{
    g_autofree char *folder = g_path_get_dirname(file->path);
    const char *tensor;
    json_t *value;

    json_object_foreach((json_t *)map, tensor, value)
    {
        const char *name = json_string_value(value);
        if (!is_plain_name(name)) {
            g_autofree char *got = sfm_json_describe(value);
            return sfm_fail(error, SFM_ERROR_BAD_FILE,
                            "%s: weight_map: %s is not the name of a file beside it", file->path,
                            got);
        }
        g_hash_table_add(shards, g_build_filename(folder, name, NULL));
    }
    if (g_hash_table_size(shards) > MAX_SHARDS)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: weight_map: more than %d files", file->path,
                        MAX_SHARDS);
    return true;
}

// In the order of their names, so that a model's hash is always the same.
static bool add_shards(SfmTensorFile *file, GHashTable *shards, GError **error)
{
    guint num;
    g_autofree char **paths = sfm_sorted_keys(shards, &num);
    for (guint i = 0; i < num; i++) {
        if (!sfm_tensor_file_add(file, paths[i], error))
            return false;
    }
    return true;
}

static bool check_map(const SfmTensorFile *file, const json_t *map, GError **error)
{
    for (guint i = 0; i < file->tensors->len; i++) {
        const SfmStoredTensor *stored = file->tensors->pdata[i];
        g_autofree char *name = g_path_get_basename(stored->source->path);
        const char *mapped = json_string_value(json_object_get(map, stored->entry.name));
        if (g_strcmp0(mapped, name) != 0)
            return sfm_fail(error, SFM_ERROR_BAD_FILE,
                            "%s: weight_map: %s is in %s, which it does not say", file->path,
                            stored->entry.name, name);
    }

    const char *tensor;
    json_t *value;
    json_object_foreach((json_t *)map, tensor, value)
    {
        if (!sfm_tensor_file_find(file, tensor)) {
            g_autofree char *name = sfm_printable(tensor);
            return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: weight_map: %s is not in %s",
                            file->path, name, json_string_value(value));
        }
    }
    return true;
}

bool sfm_shards_list(SfmTensorFile *file, GError **error)
{
    g_autoptr(json_t) root = sfm_json_read(file->path, error);
    if (!root)
        return false;
    const json_t *map = json_object_get(root, "weight_map");
    if (!json_is_object(map) || json_object_size(map) == 0)
        return sfm_fail(error, SFM_ERROR_BAD_FILE,
                        "%s: weight_map: missing, empty, or not an object", file->path);

    g_autoptr(GHashTable) shards = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return find_shards(file, map, shards, error) && add_shards(file, shards, error) &&
           check_map(file, map, error);
}
