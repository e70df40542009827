// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_FILE_TUNED_TEXT_H
#define SFM_FILE_TUNED_TEXT_H

#include <stdbool.h>

#include <glib.h>

#define SFM_TUNED_VERSION 1

enum { SFM_TUNED_MAX_KERNELS = 10000 };

// What `sfumato tune` found out about a device, as it is written. Texts are owned.
typedef struct {
    char *device, *driver; // for people
    char *identity;        // SHA-256 of device, driver and the build's kernels and shaders, hex
    char **kernels;        // lines "KEY = KERNEL", as sfm_choices_parse() reads them, which has yet
                           // to check them; NULL-terminated
} SfmTunedText;

// Reads a file. Another version, a key that is unknown, missing, there twice or of
// another type: false, the message naming the file. `out` is zeroed memory, to be
// cleared in any case.
bool sfm_tuned_text_read(const char *path, SfmTunedText *out, GError **error);

// A zeroed struct is a no-op.
void sfm_tuned_text_clear(SfmTunedText *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmTunedText, sfm_tuned_text_clear)

#endif
