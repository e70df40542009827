// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_RUNNER_H
#define SFM_VK_RUNNER_H

#include "plan/runner.h"

// A zeroed struct asks for the defaults.
typedef struct {
    const char *device; // part of a device's name in any case, or an index of
                        // sfm_vk_list_devices(); NULL or "": the fastest
    bool validate;      // turn on the Vulkan validation layer: what it says fails the call at hand
} SfmVkOptions;

// Runs plans on a Vulkan device. `options` is read during the call only; NULL
// asks for the defaults. NULL, with SFM_ERROR_NO_DEVICE and the remedy, if no
// device will do. Blocks while the driver starts. Any thread may call it.
SfmRunner *sfm_vk_runner_new(const SfmVkOptions *options, GError **error);

// The device's name, as the driver says it; owned by the runner, which must be
// one of the above.
const char *sfm_vk_runner_device(const SfmRunner *runner);

// Likewise: its driver's name and version.
const char *sfm_vk_runner_driver(const SfmRunner *runner);

// Whether it is the processor that this program runs on too.
bool sfm_vk_runner_on_cpu(const SfmRunner *runner);

// Likewise: the SHA-256, hex, of device, driver and the build's kernels for it, by
// which what was measured on it is known again.
const char *sfm_vk_runner_identity(const SfmRunner *runner);

// The family of kernels that makes a picture again that this one made on a device of
// that name: the same, where this device can run it and is not a CPU to which a
// GPU's would be slow, else what the runner was opened with. `family` NULL: that, too.
const char *sfm_vk_runner_family(const SfmRunner *runner, const char *family, const char *device);

// Has the runner use a family that the above returned. It has no programs, and no plans
// are left that were made for it.
void sfm_vk_runner_take_family(SfmRunner *runner, const char *family);

// Whether this build has a family of kernels, and whether it stores tensors as halves. Any
// thread may call it.
bool sfm_vk_has_family(const char *name, bool *halves);

// A kernel for any class of device, by its name; NULL: this build has none. Any
// thread may call it.
const SfmKernel *sfm_vk_kernel_named(const char *name);

// The names of those that run the op of calls with this key, separated by ", "; empty:
// there are none. The caller owns it. Any thread may call it.
char *sfm_vk_kernels_for(const char *key);

#endif
