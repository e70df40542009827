// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_FAMILIES_H
#define SFM_VK_FAMILIES_H

#include "vk/kernel.h"
#include "vk/physical.h"

// Kernels that belong together: they share layouts, and what they ask of a device.
typedef struct {
    const char *name;                  // what SFUMATO_KERNELS says; the target's name
    bool halves;                       // activations and weights are stored as fp16
    const SfmVkKernel *const *kernels; // best first, NULL at the end; behind them the plain ones

    // Why the device cannot run them: "it has no ...". NULL: it can.
    const char *(*unable)(const SfmPhysical *physical);
} SfmVkFamily;

// Every family there is, the preferred first; the last one is "plain", which runs
// everywhere.
extern const SfmVkFamily sfm_vk_families[];
extern const size_t sfm_vk_num_families;

// The one of this name; NULL: there is none.
const SfmVkFamily *sfm_vk_family_named(const char *name);

// The family of a device: the one that `wanted` names, or for NULL the first that is
// for devices of its kind and that it can run. NULL, with SFM_ERROR_UNSUPPORTED:
// there is none of that name, or the device cannot run it.
const SfmVkFamily *sfm_vk_family_choose(const SfmPhysical *physical, const char *wanted,
                                        GError **error);

// The family that made a picture on a device of that name, to make it again here. NULL:
// the device cannot run it, or is a CPU, and another one, that would only be slow with
// what is for GPUs.
const SfmVkFamily *sfm_vk_family_again(const SfmPhysical *physical, const char *name,
                                       const char *device);

#endif
