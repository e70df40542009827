// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_SCRIPTS_H
#define SFM_JOB_SCRIPTS_H

#include <sfumato/library.h>

#include "script/script.h"

// Whether it is a path, and not a script's name: it has a '/' or ends in .lua.
bool sfm_script_is_path(const char *name);

// A script by the name it declares, or by a path. Each call gives a script of
// its own. NULL with SFM_ERROR_NOT_FOUND, naming what is near or there, or with
// SFM_ERROR_BAD_SCRIPT, where two have that name or none of them loads; a script
// of the other kind is refused. Any thread.
SfmScript *sfm_script_find(SfmScriptLibrary *library, SfmScriptKind kind, const char *name,
                           GError **error);

#endif
