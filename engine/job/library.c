// SPDX-License-Identifier: GPL-3.0-or-later
// What must stay true: a file's text is compared, not its time, so that no
// change is missed and none is seen where there is none; of a version that does
// not load nothing is kept but its text and its error.
#include "job/library.h"

#include <string.h>

#include <sfumato/scripts.h>

#include "file/model.h"
#include "script/script.h"

static const char *const folders[] = {
    [SFM_SCRIPT_SCHEDULE] = "schedules",
    [SFM_SCRIPT_SAMPLER] = "samplers",
};

const char *sfm_script_kind_name(SfmScriptKind kind)
{
    return kind == SFM_SCRIPT_SCHEDULE ? "schedule" : "sampler";
}

static void file_free(SfmLibraryFile *file)
{
    g_free(file->path);
    g_clear_pointer(&file->text, g_bytes_unref);
    g_free(file->error);
    g_clear_pointer(&file->good, g_bytes_unref);
    sfm_script_info_free(file->info);
    g_free(file);
}

SfmScriptLibrary *sfm_script_library_new(const char *data_dir)
{
    SfmScriptLibrary *library = g_new0(SfmScriptLibrary, 1);

    g_atomic_ref_count_init(&library->refs);
    library->data_dir = g_strdup(data_dir);
    g_mutex_init(&library->mutex);
    library->files = g_ptr_array_new_with_free_func((GDestroyNotify)file_free);
    return library;
}

SfmScriptLibrary *sfm_script_library_ref(SfmScriptLibrary *library)
{
    g_atomic_ref_count_inc(&library->refs);
    return library;
}

void sfm_script_library_unref(SfmScriptLibrary *library)
{
    if (!library || !g_atomic_ref_count_dec(&library->refs))
        return;
    g_ptr_array_unref(library->files);
    g_mutex_clear(&library->mutex);
    g_free(library->data_dir);
    g_free(library);
}

// Takes the text of a version that loads.
static void take(SfmLibraryFile *file, const SfmScript *script, GBytes *text)
{
    sfm_script_info_free(file->info);
    file->info = sfm_script_info_copy(sfm_script_info(script));
    g_clear_pointer(&file->good, g_bytes_unref);
    file->good = g_bytes_ref(text);
}

static void file_look(SfmLibraryFile *file)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GBytes) text = sfm_script_read(file->path, &why);
    if (text && file->text && g_bytes_equal(text, file->text))
        return;

    g_autoptr(SfmScript) script = text ? sfm_script_new(file->path, text, &why) : NULL;
    if (script)
        take(file, script, text);
    g_free(file->error);
    file->error = script ? NULL : g_strdup(why->message);
    g_clear_pointer(&file->text, g_bytes_unref);
    file->text = g_steal_pointer(&text);
}

static SfmLibraryFile *steal_file(GPtrArray *files, const char *path)
{
    for (guint i = 0; i < files->len; i++) {
        if (strcmp(((SfmLibraryFile *)files->pdata[i])->path, path) == 0)
            return g_ptr_array_steal_index(files, i);
    }
    return NULL;
}

static SfmLibraryFile *file_new(const char *path, SfmScriptOrigin origin)
{
    SfmLibraryFile *file = g_new0(SfmLibraryFile, 1);
    file->path = g_strdup(path);
    file->origin = origin;
    return file;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// The paths of a folder's .lua files, sorted; none where there is no folder.
static GPtrArray *paths_in(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        if (g_str_has_suffix(name, ".lua") && *name != '.')
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    }
    g_ptr_array_sort(paths, by_text);
    return paths;
}

// Moves what is known of the folder's files from `old` to `files`, and looks at
// each.
static void look_in(GPtrArray *files, GPtrArray *old, const char *folder, SfmScriptOrigin origin)
{
    g_autoptr(GPtrArray) paths = paths_in(folder);

    for (guint i = 0; i < paths->len; i++) {
        SfmLibraryFile *known = steal_file(old, paths->pdata[i]);
        SfmLibraryFile *file = known ? known : file_new(paths->pdata[i], origin);
        file_look(file);
        g_ptr_array_add(files, file);
    }
}

void sfm_library_look(SfmScriptLibrary *library)
{
    g_autoptr(GPtrArray) old = g_steal_pointer(&library->files);
    g_autofree char *own = sfm_script_folder();

    library->files = g_ptr_array_new_with_free_func((GDestroyNotify)file_free);
    look_in(library->files, old, own, SFM_ORIGIN_USER);
    for (size_t kind = 0; kind < G_N_ELEMENTS(folders); kind++) {
        g_autofree char *built_in =
            g_build_filename(sfm_data_dir(library->data_dir), "lua", folders[kind], NULL);
        look_in(library->files, old, built_in, SFM_ORIGIN_BUILT_IN);
    }
}

const SfmLibraryFile *sfm_library_get(const SfmScriptLibrary *library, SfmScriptOrigin origin,
                                      SfmScriptKind kind, const char *name,
                                      const SfmLibraryFile *besides)
{
    for (guint i = 0; i < library->files->len; i++) {
        const SfmLibraryFile *file = library->files->pdata[i];
        if (file != besides && file->origin == origin && file->info && file->info->kind == kind &&
            strcmp(file->info->name, name) == 0)
            return file;
    }
    return NULL;
}

char *sfm_library_clash(const SfmLibraryFile *one, const SfmLibraryFile *two)
{
    return g_strdup_printf("%s \"%s\" is declared both by %s and by %s; rename one of them",
                           sfm_script_kind_name(one->info->kind), one->info->name, one->path,
                           two->path);
}
