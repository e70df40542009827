// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_SCRIPTS_H
#define SFM_JOB_SCRIPTS_H

#include "script/script.h"

// The schedules and samplers that there are: the user's own, in the XDG data
// folder's sfumato/scripts, then the built-in ones; the first of a name wins.

// A script by the name it declares, or by a path (which has a '/' or ends in
// .lua). NULL with SFM_ERROR_NOT_FOUND, naming what is near or there, or with
// SFM_ERROR_BAD_SCRIPT; a script of the other kind is refused.
SfmScript *sfm_script_find(const char *data_dir, SfmScriptKind kind, const char *name,
                           GError **error);

#endif
