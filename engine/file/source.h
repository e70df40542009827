// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_FILE_SOURCE_H
#define SFM_FILE_SOURCE_H

#include <stdint.h>
#include <sys/stat.h>

#include <glib.h>

#include "base/error.h"

// A file open for reading. Never mapped, so that one which shrinks under us is
// an error and not a signal; one that changes after it was opened is an error
// too. One thread at a time.
typedef struct {
    char *path;
    int fd;
    uint64_t size; // bytes
    struct stat opened;
} SfmSource;

// Regular files only. SFM_ERROR_NOT_FOUND if there is none.
SfmSource *sfm_source_open(const char *path, GError **error);

// NULL is a no-op.
void sfm_source_close(SfmSource *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmSource, sfm_source_close)

// All `size` bytes at `offset`, or SFM_ERROR_BAD_FILE.
bool sfm_source_read(SfmSource *source, uint64_t offset, void *out, size_t size, GError **error);

// The whole file and a NUL behind it; owned by the caller. A file of more than
// `max` bytes is SFM_ERROR_BAD_FILE.
char *sfm_source_load(const char *path, size_t max, size_t *size, GError **error);

// `text`, which stands in a file that nobody vouches for, fit for a message: no
// control characters, cut off when long. Owned by the caller.
char *sfm_printable(const char *text);

#endif
