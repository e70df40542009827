// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_TUNED_H
#define SFM_JOB_TUNED_H

#include "plan/kernel.h"

// What `sfumato tune` chose for a device, in a file of the user's cache folder: one
// for each device, driver and set of kernels, which its name and its text say by
// their identity. Whatever is not so is not believed.

// A device of which a file may speak.
typedef struct {
    const char *identity; // SHA-256, hex, as in SfmDeviceInfo
    const char *name, *driver;
} SfmTunedDevice;

// Lines "CALL = KERNEL", of kernels that this version has. Whether a device has them, too, is
// not asked: the bytes differ there anyway. NULL, with SFM_ERROR_BAD_ARGUMENT; the
// caller owns them.
SfmChoices *sfm_kernels_parse(const char *const *lines, GError **error);

// Where it is, or would be. The caller owns it.
char *sfm_tuned_path(const char *identity);

// NULL without an error: there is no file. NULL with one: it is not to be believed,
// the message naming it. `target` is what its kernels are checked with; NULL: they
// are not.
SfmChoices *sfm_tuned_read(const char *identity, const SfmTarget *target, GError **error);

// As above, for a job: a file that is not to be believed is warned of, and left alone.
SfmChoices *sfm_tuned_load(const char *identity, const SfmTarget *target);

// Whole or not at all; makes the folder.
bool sfm_tuned_write(const SfmTunedDevice *device, const SfmChoices *choices, GError **error);

#endif
