// SPDX-License-Identifier: GPL-3.0-or-later
#include "file/model_path.h"

#include <string.h>

#include "file/model.h"
#include "file/names.h"

#define WEIGHTS "diffusion_pytorch_model"

// In order of preference: full precision first, safe formats before pickles.
static const char *const weight_files[] = {
    WEIGHTS ".safetensors",
    WEIGHTS ".fp16.safetensors",
    WEIGHTS ".safetensors.index.json",
    WEIGHTS ".safetensors.index.fp16.json",
    WEIGHTS ".fp16.safetensors.index.json",
    WEIGHTS ".bin",
    WEIGHTS ".fp16.bin",
    WEIGHTS ".bin.index.json",
};

const char *sfm_data_dir(const char *data_dir)
{
    const char *variable = g_getenv("SFUMATO_DATA");
    if (data_dir)
        return data_dir;
    return variable && *variable ? variable : SFM_DATA_DIR;
}

// The folders in which models lie, first to last.
static GPtrArray *search_path(const char *data_dir)
{
    GPtrArray *folders = g_ptr_array_new_with_free_func(g_free);
    const char *variable = g_getenv("SFUMATO_MODELS");
    g_auto(GStrv) own = g_strsplit(variable ? variable : "", ":", -1);

    for (size_t i = 0; own[i]; i++) {
        if (*own[i])
            g_ptr_array_add(folders, g_strdup(own[i]));
    }
    g_ptr_array_add(folders, g_build_filename(g_get_user_data_dir(), "sfumato", "models", NULL));
    g_ptr_array_add(folders, g_build_filename(sfm_data_dir(data_dir), "models", NULL));
    return folders;
}

static bool has_file(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

static bool is_model(const char *folder)
{
    return has_file(folder, "model_index.json") || has_file(folder, "unet/config.json") ||
           has_file(folder, "config.json");
}

static char *fail_not_found(const char *model, GPtrArray *folders, GError **error)
{
    g_ptr_array_add(folders, NULL);
    g_autofree char *list = g_strjoinv(", ", (char **)folders->pdata);
    sfm_fail(error, SFM_ERROR_NOT_FOUND, "%s: no model of that name in %s", model, list);
    return NULL;
}

char *sfm_model_locate(const char *data_dir, const char *model, GError **error)
{
    const bool is_name = *model && !strchr(model, '/') && *model != '.';
    g_autoptr(GPtrArray) folders = search_path(data_dir);

    for (guint i = 0; is_name && i < folders->len; i++) {
        g_autofree char *path = g_build_filename(folders->pdata[i], model, NULL);
        if (is_model(path))
            return g_steal_pointer(&path);
    }
    if (*model && is_model(model))
        return g_canonicalize_filename(model, NULL);
    if (is_name)
        return fail_not_found(model, folders, error);
    sfm_fail(error, SFM_ERROR_NOT_FOUND,
             "%s: not a model's folder: no model_index.json or config.json there", model);
    return NULL;
}

static void add_models_in(const char *folder, GHashTable *paths)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (*name != '.' && !g_hash_table_contains(paths, name) && is_model(path))
            g_hash_table_insert(paths, g_strdup(name), g_steal_pointer(&path));
    }
}

GPtrArray *sfm_model_find_all(const char *data_dir)
{
    g_autoptr(GPtrArray) folders = search_path(data_dir);
    g_autoptr(GHashTable) paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < folders->len; i++)
        add_models_in(folders->pdata[i], paths);

    guint num;
    g_autofree char **names = sfm_sorted_keys(paths, &num);
    GPtrArray *sorted = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < num; i++)
        g_ptr_array_add(sorted, g_hash_table_lookup(paths, names[i]));
    return sorted;
}

char *sfm_model_file(const char *model_path, const char *component, const char *file)
{
    g_autofree char *folder = g_build_filename(model_path, component, NULL);
    const bool own = g_file_test(folder, G_FILE_TEST_IS_DIR);
    return g_build_filename(own ? folder : model_path, file, NULL);
}

char *sfm_model_weights(const char *model_path, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(weight_files); i++) {
        g_autofree char *path = sfm_model_file(model_path, "unet", weight_files[i]);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&path);
    }
    g_autofree char *first = sfm_model_file(model_path, "unet", weight_files[0]);
    sfm_fail(error, SFM_ERROR_NOT_FOUND,
             "%s: not there, nor " WEIGHTS ".bin or one of their variants", first);
    return NULL;
}
