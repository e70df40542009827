// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_FILE_KERNEL_LIST_H
#define SFM_FILE_KERNEL_LIST_H

#include "file/json.h"

// Reads kernels for calls, {"CALL": "KERNEL", ...}, as lines "CALL = KERNEL",
// NULL-terminated; the caller frees with g_strfreev(). What the texts say is not
// looked at. NULL with SFM_ERROR_BAD_FILE, "PATH: KEY: ...": not so, or more than `most`.
char **sfm_kernel_list_read(const char *path, const char *key, json_t *value, size_t most,
                            GError **error);

#endif
