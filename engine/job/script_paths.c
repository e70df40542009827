// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sfumato/library.h>
#include <sfumato/scripts.h>

#include "base/error.h"
#include "base/suggest.h"
#include "job/scripts.h"

// "karras" of ".../karras.lua"
static char *name_of_file(const char *path)
{
    char *name = g_path_get_basename(path);
    name[strlen(name) - strlen(".lua")] = '\0';
    return name;
}

static bool is_meant(const SfmScriptFile *file, const char *name)
{
    g_autofree char *of_file = name_of_file(file->path);
    return strcmp(file->info ? file->info->name : of_file, name) == 0;
}

static void fail_unknown(const GPtrArray *files, const char *name, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < files->len; i++) {
        const SfmScriptFile *file = files->pdata[i];
        if (file->info)
            g_ptr_array_add(names, file->info->name);
    }
    const char *meant = sfm_suggest(name, (const char *const *)names->pdata, names->len);
    sfm_fail(error, SFM_ERROR_NOT_FOUND, "script: there is no \"%s\"%s%s%s", name,
             meant ? ", did you mean \"" : "; \"sfumato script list\" shows what there is",
             meant ? meant : "", meant ? "\"?" : "");
}

char **sfm_script_paths(const char *data_dir, const char *name, GError **error)
{
    g_autoptr(SfmScriptLibrary) library = sfm_script_library_new(data_dir);
    g_autoptr(GPtrArray) files = sfm_script_library_files(library);
    g_autoptr(GStrvBuilder) paths = g_strv_builder_new();
    if (name && sfm_script_is_path(name))
        g_strv_builder_add(paths, name);
    for (guint i = 0; i < files->len && !(name && sfm_script_is_path(name)); i++) {
        const SfmScriptFile *file = files->pdata[i];
        if (!file->hidden && (!name || is_meant(file, name)))
            g_strv_builder_add(paths, file->path);
    }
    g_auto(GStrv) found = g_strv_builder_end(paths);
    if (found[0])
        return g_steal_pointer(&found);
    fail_unknown(files, name ? name : "", error);
    return NULL;
}
