// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_LIBRARY_H
#define SFM_JOB_LIBRARY_H

#include <sfumato/library.h>

#include "base/error.h"

// A file of a library as it was when it was last looked at.
typedef struct {
    char *path;
    SfmScriptOrigin origin;
    GBytes *text;        // NULL: it could not be read
    char *error;         // why that does not load; NULL: it does
    GBytes *good;        // of the last version that did; NULL: none
    SfmScriptInfo *info; // of that; NULL: none
} SfmLibraryFile;

struct SfmScriptLibrary {
    gatomicrefcount refs;
    char *data_dir;   // as given; NULL: see sfm_data_dir()
    GMutex mutex;     // guards `files`
    GPtrArray *files; // of SfmLibraryFile: the user's first, then by path
};

// "schedule", "sampler"
const char *sfm_script_kind_name(SfmScriptKind kind);

// Looks at the files anew. With the mutex held, as the one below.
void sfm_library_look(SfmScriptLibrary *library);

// The first file of an origin and kind that declares the name, other than
// `besides`. Borrowed from the library; NULL: there is none.
const SfmLibraryFile *sfm_library_get(const SfmScriptLibrary *library, SfmScriptOrigin origin,
                                      SfmScriptKind kind, const char *name,
                                      const SfmLibraryFile *besides);

// What to say of two files that declare one name. The caller's.
char *sfm_library_clash(const SfmLibraryFile *one, const SfmLibraryFile *two);

#endif
