// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/scripts.h"

#include <string.h>

#include <sfumato/engine.h>

#include "base/suggest.h"
#include "file/model.h"

static const char *kind_name(SfmScriptKind kind)
{
    return kind == SFM_SCRIPT_SCHEDULE ? "schedule" : "sampler";
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// Appends the paths of the folder's .lua files, sorted.
static void add_files(GPtrArray *paths, const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autoptr(GPtrArray) found = g_ptr_array_new();

    for (const char *file; dir && (file = g_dir_read_name(dir));) {
        if (g_str_has_suffix(file, ".lua"))
            g_ptr_array_add(found, g_build_filename(folder, file, NULL));
    }
    g_ptr_array_sort(found, by_name);
    for (guint i = 0; i < found->len; i++)
        g_ptr_array_add(paths, found->pdata[i]);
}

static GPtrArray *script_files(const char *data_dir, SfmScriptKind kind)
{
    g_autofree char *own = g_build_filename(g_get_user_data_dir(), "sfumato", "scripts", NULL);
    g_autofree char *plural = g_strconcat(kind_name(kind), "s", NULL);
    g_autofree char *built_in = g_build_filename(sfm_data_dir(data_dir), "lua", plural, NULL);
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

    add_files(paths, own);
    add_files(paths, built_in);
    return paths;
}

static bool has_name(const GPtrArray *infos, const char *name)
{
    for (guint i = 0; i < infos->len; i++) {
        if (strcmp(((const SfmScriptInfo *)infos->pdata[i])->name, name) == 0)
            return true;
    }
    return false;
}

static int by_title(const void *a, const void *b)
{
    const SfmScriptInfo *const *x = a, *const *y = b;
    return g_utf8_collate((*x)->title, (*y)->title);
}

// A script that does not load is none: whoever asks for it by its name is told
// why.
GPtrArray *sfm_list_scripts(const char *data_dir, SfmScriptKind kind, GError **error)
{
    g_autoptr(GPtrArray) paths = script_files(data_dir, kind);
    GPtrArray *infos = g_ptr_array_new_with_free_func((GDestroyNotify)sfm_script_info_free);

    for (guint i = 0; i < paths->len; i++) {
        g_autoptr(SfmScript) script = sfm_script_load(paths->pdata[i], NULL);
        const SfmScriptInfo *info = script ? sfm_script_info(script) : NULL;
        if (info && info->kind == kind && !has_name(infos, info->name))
            g_ptr_array_add(infos, sfm_script_info_copy(info));
    }
    g_ptr_array_sort(infos, by_title);
    return infos;
}

static SfmScript *load_kind(const char *path, SfmScriptKind kind, GError **error)
{
    g_autoptr(SfmScript) script = sfm_script_load(path, error);

    if (!script)
        return NULL;
    if (sfm_script_info(script)->kind == kind)
        return g_steal_pointer(&script);
    sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "%s: is a %s, not a %s", path,
             kind_name(sfm_script_info(script)->kind), kind_name(kind));
    return NULL;
}

static bool is_path(const char *name)
{
    return strchr(name, '/') || g_str_has_suffix(name, ".lua");
}

static bool file_is_called(const char *path, const char *name)
{
    g_autofree char *file = g_path_get_basename(path);
    g_autofree char *wanted = g_strconcat(name, ".lua", NULL);
    return strcmp(file, wanted) == 0;
}

static void fail_unknown(const char *data_dir, SfmScriptKind kind, const char *name, GError **error)
{
    g_autoptr(GPtrArray) infos = sfm_list_scripts(data_dir, kind, NULL);
    g_autofree const char **names = g_new(const char *, infos->len + 1);
    for (guint i = 0; i < infos->len; i++)
        names[i] = ((const SfmScriptInfo *)infos->pdata[i])->name;
    names[infos->len] = NULL;

    const char *meant = sfm_suggest(name, names, infos->len);
    g_autofree char *all = g_strjoinv(", ", (char **)names);
    if (meant)
        sfm_fail(error, SFM_ERROR_NOT_FOUND, "%s: there is no \"%s\", did you mean \"%s\"?",
                 kind_name(kind), name, meant);
    else
        sfm_fail(error, SFM_ERROR_NOT_FOUND, "%s: there is no \"%s\"; there are %s",
                 kind_name(kind), name, infos->len > 0 ? all : "none");
}

SfmScript *sfm_script_find(const char *data_dir, SfmScriptKind kind, const char *name,
                           GError **error)
{
    if (is_path(name))
        return load_kind(name, kind, error);

    g_autoptr(GPtrArray) paths = script_files(data_dir, kind);
    for (guint i = 0; i < paths->len; i++) {
        const char *path = paths->pdata[i];
        const bool meant = file_is_called(path, name);
        g_autoptr(GError) why = NULL;
        g_autoptr(SfmScript) script = sfm_script_load(path, &why);

        if (!script && meant) {
            g_propagate_error(error, g_steal_pointer(&why));
            return NULL;
        }
        if (script && sfm_script_info(script)->kind == kind &&
            strcmp(sfm_script_info(script)->name, name) == 0)
            return g_steal_pointer(&script);
    }
    fail_unknown(data_dir, kind, name, error);
    return NULL;
}
