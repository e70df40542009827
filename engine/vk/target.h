// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_TARGET_H
#define SFM_VK_TARGET_H

#include "vk/families.h"
#include "vk/kernel.h"
#include "vk/physical.h"

// What plans for a device are made for: the kernels of its class, best first, and
// behind them the plain ones, one an op. Every kernel of it is the `base` of an
// SfmVkKernel.
typedef struct {
    SfmTarget target;
    const SfmKernel **kernels; // owned; target.kernels
    char *identity;            // SHA-256 of the device, its driver, these kernels and the shaders,
                               // hex; owned
} SfmVkTarget;

// The environment's SFUMATO_KERNELS names a family (vk/families.h), for tests and for
// a device with which its own has a fault. False, with SFM_ERROR_UNSUPPORTED: there
// is none of that name, or the device cannot run it.
bool sfm_vk_target_init(SfmVkTarget *target, const SfmPhysical *physical, GError **error);

// As above, with a family that the device can run.
void sfm_vk_target_init_with(SfmVkTarget *target, const SfmPhysical *physical,
                             const SfmVkFamily *family);

// A zeroed target is a no-op.
void sfm_vk_target_clear(SfmVkTarget *target);

// The whole of a target's kernel.
static inline const SfmVkKernel *sfm_vk_kernel(const SfmKernel *kernel)
{
    return (const SfmVkKernel *)kernel; // its first field
}

// The kernel that is an op's plain shader: there always is one.
const SfmKernel *sfm_vk_plain_kernel(const SfmVkTarget *target, const SfmOp *op);

// Its one dispatch.
int sfm_vk_plain_dispatches(const SfmCall *call, SfmVkDispatch out[SFM_MAX_DISPATCHES]);

#endif
