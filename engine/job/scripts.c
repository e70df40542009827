// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/scripts.h"

#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "job/library.h"

static SfmScript *load_kind(const char *path, SfmScriptKind kind, GError **error)
{
    g_autoptr(SfmScript) script = sfm_script_load(path, error);

    if (!script)
        return NULL;
    if (sfm_script_info(script)->kind == kind)
        return g_steal_pointer(&script);
    sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "%s: is a %s, not a %s", path,
             sfm_script_kind_name(sfm_script_info(script)->kind), sfm_script_kind_name(kind));
    return NULL;
}

bool sfm_script_is_path(const char *name)
{
    return strchr(name, '/') || g_str_has_suffix(name, ".lua");
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// A file of that name at hand is what somebody means who forgets its "./".
static bool fail_for_file(SfmScriptKind kind, const char *name, GError **error)
{
    g_autofree char *path = g_strconcat("./", name, ".lua", NULL);

    return g_file_test(path, G_FILE_TEST_IS_REGULAR) &&
           !sfm_fail(error, SFM_ERROR_NOT_FOUND,
                     "%s: there is no \"%s\"; the file here is asked for as %s",
                     sfm_script_kind_name(kind), name, path);
}

static void fail_unknown(SfmScriptLibrary *library, SfmScriptKind kind, const char *name,
                         GError **error)
{
    g_autoptr(GPtrArray) infos = sfm_script_library_choices(library, kind);
    g_autofree const char **names = g_new(const char *, infos->len + 1);
    for (guint i = 0; i < infos->len; i++)
        names[i] = ((const SfmScriptInfo *)infos->pdata[i])->name;
    names[infos->len] = NULL;
    qsort(names, infos->len, sizeof *names, by_text);

    const char *meant = sfm_suggest(name, names, infos->len);
    g_autofree char *all = g_strjoinv(", ", (char **)names);
    if (fail_for_file(kind, name, error))
        return;
    if (meant)
        sfm_fail(error, SFM_ERROR_NOT_FOUND, "%s: there is no \"%s\", did you mean \"%s\"?",
                 sfm_script_kind_name(kind), name, meant);
    else
        sfm_fail(error, SFM_ERROR_NOT_FOUND, "%s: there is no \"%s\"; there are %s",
                 sfm_script_kind_name(kind), name, infos->len > 0 ? all : "none");
}

// A file that would be the script of that name if any version of it had loaded.
static const SfmLibraryFile *find_broken(const SfmScriptLibrary *library, SfmScriptOrigin origin,
                                         const char *name)
{
    g_autofree char *wanted = g_strconcat(name, ".lua", NULL);

    for (guint i = 0; i < library->files->len; i++) {
        const SfmLibraryFile *file = library->files->pdata[i];
        g_autofree char *base = g_path_get_basename(file->path);
        if (file->origin == origin && !file->info && strcmp(base, wanted) == 0)
            return file;
    }
    return NULL;
}

// The text of the script that the name means, and its path; the caller's. NULL,
// without an error if none of that origin means it.
static GBytes *get_text(const SfmScriptLibrary *library, SfmScriptOrigin origin, SfmScriptKind kind,
                        const char *name, char **path, GError **error)
{
    const SfmLibraryFile *file = sfm_library_get(library, origin, kind, name, NULL);
    const SfmLibraryFile *broken = file ? NULL : find_broken(library, origin, name);
    const SfmLibraryFile *rival = file ? sfm_library_get(library, origin, kind, name, file) : NULL;

    if (broken)
        sfm_fail(error, SFM_ERROR_BAD_SCRIPT, "%s", broken->error);
    if (rival) {
        g_autofree char *clash = sfm_library_clash(file, rival);
        sfm_fail(error, SFM_ERROR_BAD_SCRIPT, "%s", clash);
    }
    if (!file || rival)
        return NULL;
    *path = g_strdup(file->path);
    return g_bytes_ref(file->good);
}

SfmScript *sfm_script_find(SfmScriptLibrary *library, SfmScriptKind kind, const char *name,
                           GError **error)
{
    if (sfm_script_is_path(name))
        return load_kind(name, kind, error);

    g_autoptr(GError) why = NULL;
    g_autofree char *path = NULL;
    g_mutex_lock(&library->mutex);
    sfm_library_look(library);
    g_autoptr(GBytes) text = get_text(library, SFM_ORIGIN_USER, kind, name, &path, &why);
    if (!text && !why)
        text = get_text(library, SFM_ORIGIN_BUILT_IN, kind, name, &path, &why);
    g_mutex_unlock(&library->mutex);

    if (text)
        return sfm_script_new(path, text, error);
    if (why)
        g_propagate_error(error, g_steal_pointer(&why));
    else
        fail_unknown(library, kind, name, error);
    return NULL;
}
