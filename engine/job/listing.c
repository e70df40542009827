// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a library hands out: copies, which do not change.
#include <sfumato/library.h>

#include "job/library.h"
#include "script/script.h"

void sfm_script_file_free(SfmScriptFile *file)
{
    if (!file)
        return;
    g_free(file->path);
    sfm_script_info_free(file->info);
    g_free(file->error);
    g_free(file->hides);
    g_free(file);
}

// The file of `origin` that has this one's kind and name; NULL: there is none.
static const SfmLibraryFile *namesake(const SfmScriptLibrary *library, const SfmLibraryFile *file,
                                      SfmScriptOrigin origin)
{
    return file->info ? sfm_library_get(library, origin, file->info->kind, file->info->name, file)
                      : NULL;
}

static SfmScriptFile *describe(const SfmScriptLibrary *library, const SfmLibraryFile *file)
{
    const bool own = file->origin == SFM_ORIGIN_USER;
    const SfmLibraryFile *rival = namesake(library, file, file->origin);
    const SfmLibraryFile *other =
        namesake(library, file, own ? SFM_ORIGIN_BUILT_IN : SFM_ORIGIN_USER);
    SfmScriptFile *described = g_new0(SfmScriptFile, 1);

    described->path = g_strdup(file->path);
    described->origin = file->origin;
    described->info = file->info ? sfm_script_info_copy(file->info) : NULL;
    described->error = g_strdup(file->error);
    if (!file->error && rival)
        described->error = sfm_library_clash(file, rival);
    described->hides = own && other ? g_strdup(other->path) : NULL;
    described->hidden = !own && other;
    return described;
}

GPtrArray *sfm_script_library_files(SfmScriptLibrary *library)
{
    g_return_val_if_fail(library, NULL);

    GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify)sfm_script_file_free);
    g_mutex_lock(&library->mutex);
    sfm_library_look(library);
    for (guint i = 0; i < library->files->len; i++)
        g_ptr_array_add(files, describe(library, library->files->pdata[i]));
    g_mutex_unlock(&library->mutex);
    return files;
}

static bool is_choice(const SfmScriptLibrary *library, const SfmLibraryFile *file,
                      SfmScriptKind kind)
{
    const bool own = file->origin == SFM_ORIGIN_USER;
    return file->info && file->info->kind == kind && !namesake(library, file, file->origin) &&
           (own || !namesake(library, file, SFM_ORIGIN_USER));
}

static int by_title(const void *a, const void *b)
{
    const SfmScriptInfo *const *x = a, *const *y = b;
    return g_utf8_collate((*x)->title, (*y)->title);
}

GPtrArray *sfm_script_library_choices(SfmScriptLibrary *library, SfmScriptKind kind)
{
    g_return_val_if_fail(library, NULL);

    GPtrArray *infos = g_ptr_array_new_with_free_func((GDestroyNotify)sfm_script_info_free);
    g_mutex_lock(&library->mutex);
    sfm_library_look(library);
    for (guint i = 0; i < library->files->len; i++) {
        const SfmLibraryFile *file = library->files->pdata[i];
        if (is_choice(library, file, kind))
            g_ptr_array_add(infos, sfm_script_info_copy(file->info));
    }
    g_mutex_unlock(&library->mutex);
    g_ptr_array_sort(infos, by_title);
    return infos;
}
