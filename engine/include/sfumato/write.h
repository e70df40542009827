// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFUMATO_WRITE_H
#define SFUMATO_WRITE_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>
#include <sfumato/error.h>

G_BEGIN_DECLS

// Files are written whole or not at all: under a temporary name in the same
// folder, fsync, rename, fsync of the folder. Until sfm_writer_commit() has
// succeeded, whatever was at the path is untouched; a writer that is freed
// before takes its temporary file away. Failures are SFM_ERROR_NOT_WRITTEN and
// name the path. One thread at a time.
typedef struct SfmWriter SfmWriter;

// A file that exists keeps its permissions; what a link points to is replaced,
// not the link, and a link to nothing is refused. Only regular files are
// replaced, so that /dev/full stays what it is.
SfmWriter *sfm_writer_new(const char *path, GError **error);

bool sfm_writer_append(SfmWriter *writer, const void *data, size_t size, GError **error);

// Puts all of it onto the disk, still under the temporary name, and closes that:
// whoever holds many writers does not run out of files. Nothing can be appended
// from then on.
bool sfm_writer_finish(SfmWriter *writer, GError **error);

// The last call on a writer but for free.
bool sfm_writer_commit(SfmWriter *writer, GError **error);

// Commits several: all are on the disk before the first gets its name, and then
// one rename follows another, so that a program that is killed leaves all or none
// but for that moment. Likewise the last call on each.
bool sfm_writers_commit(SfmWriter *const *writers, size_t num, GError **error);

// NULL is a no-op.
void sfm_writer_free(SfmWriter *writer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmWriter, sfm_writer_free)

// All of the above for bytes that are in memory already.
bool sfm_write_file(const char *path, const void *data, size_t size, GError **error);

G_END_DECLS

#endif
