// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_COMMON_COMMAND_H
#define SFM_COMMON_COMMAND_H

#include "common/form.h"

// The form as one line for a POSIX shell, `sfumato generate --model ...`, that
// makes the same pictures. What is left to the model's card is left out, as are
// knobs at their defaults. Pictures that the job starts from are called after
// what they are to it, "picture.png", and the result "out.png": whoever has the
// form knows of layers and of no files. The caller frees it. NULL, with
// SFM_ERROR_BAD_ARGUMENT: script_params cannot be read.
char *sfm_form_command(const SfmForm *form, GError **error);

#endif
