// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFUMATO_SYSTEM_H
#define SFUMATO_SYSTEM_H

#include <stdbool.h>

#include <glib.h>
#include <sfumato/error.h>

G_BEGIN_DECLS

// For a shell that looks at what the system has. Any thread; no engine is needed.

// The Vulkan loader, which finds the drivers.
typedef struct {
    char *version;   // of the Vulkan that it speaks, "1.3.239"
    bool validation; // whether the validation layers are there
} SfmLoaderInfo;

// NULL with SFM_ERROR_NO_DEVICE, and the remedy in the message, where there is
// none. No driver is asked.
SfmLoaderInfo *sfm_find_loader(GError **error);

// NULL is a no-op.
void sfm_loader_info_free(SfmLoaderInfo *info);

// Where the folders lua and models of the installation are: `data_dir`, which
// may be NULL, else $SFUMATO_DATA, else where they were installed. It need not
// exist. Borrowed: from `data_dir`, the environment or the library.
const char *sfm_data_dir(const char *data_dir);

// Appends a JSON string, in quotes; what is not UTF-8 is replaced.
void sfm_json_string(GString *out, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmLoaderInfo, sfm_loader_info_free)

G_END_DECLS

#endif
