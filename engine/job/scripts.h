// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_SCRIPTS_H
#define SFM_JOB_SCRIPTS_H

#include <sfumato/library.h>

#include "script/script.h"

// A script by the name it declares, or by a path (which has a '/' or ends in
// .lua). Each call gives a script of its own. NULL with SFM_ERROR_NOT_FOUND,
// naming what is near or there, or with SFM_ERROR_BAD_SCRIPT, where two have that
// name or none of them loads; a script of the other kind is refused. Any thread.
SfmScript *sfm_script_find(SfmScriptLibrary *library, SfmScriptKind kind, const char *name,
                           GError **error);

#endif
