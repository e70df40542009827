// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_TESTS_SCRATCH_H
#define SFM_TESTS_SCRATCH_H

#include <stdio.h>
#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

// A folder for the files that a test makes; a test program has one.
static char *scratch;

static inline void scratch_open(void)
{
    g_autoptr(GError) error = NULL;
    scratch = g_dir_make_tmp("sfumato-XXXXXX", &error);
    g_assert_no_error(error);
}

static inline void scratch_remove(const char *path)
{
    g_autoptr(GDir) dir =
        g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *child = g_build_filename(path, name, NULL);
        scratch_remove(child);
    }
    g_remove(path);
}

static inline void scratch_close(void)
{
    scratch_remove(scratch);
    g_clear_pointer(&scratch, g_free);
}

// Makes a file of that name, with the folders that are in it; its path.
static inline char *scratch_file(const char *name, const void *bytes, size_t size)
{
    char *path = g_build_filename(scratch, name, NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
    g_remove(path); // some file systems sync a file that is truncated and written again
    FILE *file = g_fopen(path, "w");
    g_assert_nonnull(file);
    g_assert_cmpuint(fwrite(bytes, 1, size, file), ==, size);
    g_assert_cmpint(fclose(file), ==, 0);
    return path;
}

static inline char *scratch_text(const char *name, const char *text)
{
    return scratch_file(name, text, strlen(text));
}

// Fails the test unless `error` has that code and its message that part; says
// both messages if not. Clears the error.
static inline void assert_refused(GError **error, int code, const char *part)
{
    g_assert_nonnull(*error);
    if ((*error)->code != code || !strstr((*error)->message, part))
        g_error("got error %d, \"%s\", instead of %d, \"...%s...\"", (*error)->code,
                (*error)->message, code, part);
    g_assert_null(strchr((*error)->message, '\n'));
    g_clear_error(error);
}

#endif
