// SPDX-License-Identifier: GPL-3.0-or-later
//
// What must stay true: no file that is there is ever replaced.

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <sfumato/scripts.h>
#include <sfumato/write.h>

#include "file/model.h"
#include "script/script.h"

// The files under lua/templates, and what stands in them for name and title.
static const struct {
    const char *file, *name, *title;
} templates[] = {
    [SFM_SCRIPT_SCHEDULE] = { "schedule.lua", "my-schedule", "My schedule" },
    [SFM_SCRIPT_SAMPLER] = { "sampler.lua", "my-sampler", "My sampler" },
};

char *sfm_script_folder(void)
{
    return g_build_filename(g_get_user_data_dir(), "sfumato", "scripts", NULL);
}

// "my-euler" -> "My euler"
static char *title_of(const char *name)
{
    char *title = g_strdelimit(g_strdup(name), "-", ' ');
    title[0] = g_ascii_toupper(title[0]);
    return title;
}

static char *fill_in(const char *data_dir, SfmScriptKind kind, const char *name, GError **error)
{
    g_autofree char *path =
        g_build_filename(sfm_data_dir(data_dir), "lua", "templates", templates[kind].file, NULL);
    g_autoptr(GBytes) file = sfm_script_read(path, error);
    if (!file)
        return NULL;
    g_autofree char *title = title_of(name);
    GString *text = g_string_new_len(g_bytes_get_data(file, NULL), (gssize)g_bytes_get_size(file));
    g_string_replace(text, templates[kind].name, name, 0);
    g_string_replace(text, templates[kind].title, title, 0);
    return g_string_free(text, FALSE);
}

// Takes the name, with an empty file, if nobody has it.
static bool reserve(const char *path, GError **error)
{
    const int fd = g_open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0)
        return close(fd) == 0;
    if (errno == EEXIST)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "%s: is there already, and is left as it is; choose another name", path);
    return sfm_fail(error, SFM_ERROR_NOT_WRITTEN, "%s: cannot be written: %s", path,
                    g_strerror(errno));
}

static bool make_folder(const char *folder, GError **error)
{
    return g_mkdir_with_parents(folder, 0777) == 0 ||
           sfm_fail(error, SFM_ERROR_NOT_WRITTEN, "%s: the folder cannot be made: %s", folder,
                    g_strerror(errno));
}

char *sfm_script_create(const char *data_dir, SfmScriptKind kind, const char *name,
                        const char *path, GError **error)
{
    if (!sfm_script_is_name(name)) {
        sfm_fail(
            error, SFM_ERROR_BAD_ARGUMENT,
            "name: \"%s\" is not of the letters a-z, digits and -, of which the first is no -, "
            "and at most 64 of them",
            name);
        return NULL;
    }
    g_autofree char *text = fill_in(data_dir, kind, name, error);
    g_autofree char *folder = sfm_script_folder();
    g_autofree char *file = g_strconcat(name, ".lua", NULL);
    g_autofree char *target = path ? g_strdup(path) : g_build_filename(folder, file, NULL);
    if (!text || (!path && !make_folder(folder, error)) || !reserve(target, error))
        return NULL;
    if (!sfm_write_file(target, text, strlen(text), error)) {
        g_unlink(target);
        return NULL;
    }
    return g_steal_pointer(&target);
}
