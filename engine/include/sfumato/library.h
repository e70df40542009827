// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFUMATO_LIBRARY_H
#define SFUMATO_LIBRARY_H

#include <glib.h>
#include <sfumato/param.h>

G_BEGIN_DECLS

// The schedules and samplers that there are: the user's own, in the XDG data
// folder's sfumato/scripts, and the built-in ones. A user's script takes the
// place of a built-in one of its kind and name.
//
// Each call looks at the files anew: a script that was changed is loaded again,
// and one that was removed is gone. A new version that does not load leaves the
// last good one in use, for as long as the library lives.
//
// Threads: any; calls take turns. What a call hands out is the caller's and
// does not change. Of a file that is new or changed a call takes some
// milliseconds, half a second at most.
typedef struct SfmScriptLibrary SfmScriptLibrary;

// `data_dir` is where lua/ is; NULL: $SFUMATO_DATA, else where it was installed.
// Never NULL; reads nothing yet.
SfmScriptLibrary *sfm_script_library_new(const char *data_dir);

SfmScriptLibrary *sfm_script_library_ref(SfmScriptLibrary *library);

// Gives up one reference. NULL is a no-op.
void sfm_script_library_unref(SfmScriptLibrary *library);

// The scripts of a kind that can be asked for by name, in the order in which a
// person should see them. An array of SfmScriptInfo that frees its elements.
GPtrArray *sfm_script_library_choices(SfmScriptLibrary *library, SfmScriptKind kind);

typedef enum {
    SFM_ORIGIN_USER,
    SFM_ORIGIN_BUILT_IN,
} SfmScriptOrigin;

// A file of the library, whether it will do or not.
typedef struct {
    char *path;
    SfmScriptOrigin origin;
    SfmScriptInfo *info; // of the version in use, the last good one; NULL: there is none
    char *error;         // what is wrong with the file as it is now, a sentence: it does not load,
                         // or another one has its kind and name; NULL: nothing
    char *hides;         // the path of the built-in script whose place it takes; NULL: of none
    bool hidden;         // whether a user's script has taken its place
} SfmScriptFile;

// NULL is a no-op.
void sfm_script_file_free(SfmScriptFile *file);

// All files, those that do not load too: the user's first, each in the order of
// their paths. An array of SfmScriptFile that frees its elements.
GPtrArray *sfm_script_library_files(SfmScriptLibrary *library);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmScriptLibrary, sfm_script_library_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmScriptFile, sfm_script_file_free)

G_END_DECLS

#endif
