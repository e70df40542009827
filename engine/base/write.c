// SPDX-License-Identifier: GPL-3.0-or-later
//
// What must stay true: between new and a successful commit the only file that
// changes is the temporary one, and it is gone after free.

#define _XOPEN_SOURCE 700 // realpath()

#include <sfumato/write.h>

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct SfmWriter {
    char *path;      // as the caller said it, for messages
    char *target;    // with links followed
    char *temporary; // in target's folder; NULL: not made, or renamed by now
    int fd;          // -1: closed
};

static bool not_written(const SfmWriter *writer, int number, GError **error)
{
    return sfm_fail(error, SFM_ERROR_NOT_WRITTEN, "%s: cannot be written: %s", writer->path,
                    g_strerror(number));
}

// A link to nothing is refused: what it is meant to lead to may be on a disk
// that is not there now, and neither that nor the link is ours to make.
static bool check_absent(SfmWriter *writer, int reason, GError **error)
{
    struct stat st;
    if (reason != ENOENT)
        return not_written(writer, reason, error);
    return lstat(writer->target, &st) != 0 ||
           sfm_fail(error, SFM_ERROR_NOT_WRITTEN,
                    "%s: cannot be written: it is a link to a file that is not there",
                    writer->path);
}

// The permissions for the new file: those of the old one, or what the umask
// leaves of 0666.
static bool check_target(SfmWriter *writer, mode_t *mode, bool *exists, GError **error)
{
    struct stat st;
    *exists = stat(writer->target, &st) == 0;
    if (!*exists)
        return check_absent(writer, errno, error);
    if (S_ISDIR(st.st_mode))
        return not_written(writer, EISDIR, error);
    if (!S_ISREG(st.st_mode))
        return sfm_fail(error, SFM_ERROR_NOT_WRITTEN,
                        "%s: cannot be written: it is not a regular file", writer->path);
    if (access(writer->target, W_OK) != 0)
        return not_written(writer, errno, error);
    *mode = st.st_mode & 0777;
    return true;
}

static bool make_temporary(SfmWriter *writer, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(writer->target);

    for (int attempt = 0; attempt < 100; attempt++) {
        g_autofree char *name =
            g_strdup_printf("%s/.sfumato-%08x.part", folder, (unsigned)g_random_int());
        writer->fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (writer->fd >= 0) {
            writer->temporary = g_steal_pointer(&name);
            return true;
        }
        if (errno != EEXIST)
            break;
    }
    return not_written(writer, errno, error);
}

SfmWriter *sfm_writer_new(const char *path, GError **error)
{
    g_autoptr(SfmWriter) writer = g_new0(SfmWriter, 1);
    char *followed = realpath(path, NULL);
    writer->path = g_strdup(path);
    writer->target = g_strdup(followed ? followed : path);
    writer->fd = -1;
    free(followed);

    mode_t mode = 0;
    bool exists;
    if (!check_target(writer, &mode, &exists, error) || !make_temporary(writer, error))
        return NULL;
    if (exists && fchmod(writer->fd, mode) != 0) {
        not_written(writer, errno, error);
        return NULL;
    }
    return g_steal_pointer(&writer);
}

bool sfm_writer_append(SfmWriter *writer, const void *data, size_t size, GError **error)
{
    const char *bytes = data;

    while (size > 0) {
        const ssize_t written = write(writer->fd, bytes, MIN(size, 1u << 30));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return not_written(writer, errno, error);
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

// So that the new name survives a power cut. The file is whole either way, and
// not every file system can do it, so its failure is not ours.
static void sync_folder(const char *target)
{
    g_autofree char *folder = g_path_get_dirname(target);
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

bool sfm_writer_finish(SfmWriter *writer, GError **error)
{
    if (writer->fd < 0)
        return true;
    if (fsync(writer->fd) != 0)
        return not_written(writer, errno, error);
    const int closed = close(writer->fd);
    writer->fd = -1;
    return closed == 0 || not_written(writer, errno, error);
}

static bool give_name(SfmWriter *writer, GError **error)
{
    if (rename(writer->temporary, writer->target) != 0)
        return not_written(writer, errno, error);
    g_clear_pointer(&writer->temporary, g_free);
    return true;
}

bool sfm_writers_commit(SfmWriter *const *writers, size_t num, GError **error)
{
    for (size_t i = 0; i < num; i++) {
        if (!sfm_writer_finish(writers[i], error))
            return false;
    }
    for (size_t i = 0; i < num; i++) {
        if (!give_name(writers[i], error))
            return false;
    }
    for (size_t i = 0; i < num; i++)
        sync_folder(writers[i]->target);
    return true;
}

bool sfm_writer_commit(SfmWriter *writer, GError **error)
{
    return sfm_writers_commit(&writer, 1, error);
}

void sfm_writer_free(SfmWriter *writer)
{
    if (!writer)
        return;
    if (writer->fd >= 0)
        close(writer->fd);
    if (writer->temporary)
        unlink(writer->temporary);
    g_free(writer->temporary);
    g_free(writer->target);
    g_free(writer->path);
    g_free(writer);
}

bool sfm_write_file(const char *path, const void *data, size_t size, GError **error)
{
    g_autoptr(SfmWriter) writer = sfm_writer_new(path, error);
    return writer && sfm_writer_append(writer, data, size, error) &&
           sfm_writer_commit(writer, error);
}
