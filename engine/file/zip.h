// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_FILE_ZIP_H
#define SFM_FILE_ZIP_H

#include "file/source.h"

// Where a member's bytes lie in the archive.
typedef struct {
    uint64_t start, size;
} SfmZipMember;

// The members of a zip archive that compresses nothing, as torch writes them:
// from names to SfmZipMember. Each lies within the file. NULL on failure.
GHashTable *sfm_zip_list(SfmSource *source, GError **error);

#endif
