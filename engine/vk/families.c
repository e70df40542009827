// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/families.h"

#include <glib.h>
#include <string.h>

#include "vk/kernels/table.h"

// The kernels for lavapipe hold a tile in the lanes of one AVX register, load zeros
// from outside their buffers, and store 64 bits at a time.
static const char *not_for_lavapipe(const SfmPhysical *p)
{
    if (p->driver.driverID != VK_DRIVER_ID_MESA_LLVMPIPE)
        return "it is not lavapipe";
    if (!p->robust || !p->int64)
        return "it has no robust texel buffers, or no 64-bit integers";
    if (p->subgroup.subgroupSize != 8 ||
        !(p->subgroup.supportedStages & VK_SHADER_STAGE_COMPUTE_BIT) ||
        !(p->subgroup.supportedOperations & VK_SUBGROUP_FEATURE_SHUFFLE_BIT) ||
        !(p->subgroup.supportedOperations & VK_SUBGROUP_FEATURE_ARITHMETIC_BIT))
        return "its subgroups are not eight lanes that shuffle and add";
    return NULL;
}

#define GPU_SHARED_SIZE 24576 // bytes: what gpu/conv_128x64 takes, the most of all

static const char *not_for_gpu_fp32(const SfmPhysical *p)
{
    return p->properties.limits.maxComputeSharedMemorySize < GPU_SHARED_SIZE
               ? "its workgroups share less than 24 KiB of memory"
               : NULL;
}

static const char *not_for_gpu(const SfmPhysical *p)
{
    return p->halves ? not_for_gpu_fp32(p) : "it has no 16-bit storage buffers";
}

static const char *never(const SfmPhysical *p)
{
    return NULL;
}

static const SfmVkKernel *const no_kernels[] = { NULL };

const SfmVkFamily sfm_vk_families[] = {
    { "lavapipe", false, sfm_vk_lavapipe_kernels, not_for_lavapipe },
    { "gpu", true, sfm_vk_gpu_kernels, not_for_gpu },
    { "gpu-fp32", false, sfm_vk_gpu_fp32_kernels, not_for_gpu_fp32 },
    { "plain", false, no_kernels, never },
};
const size_t sfm_vk_num_families = G_N_ELEMENTS(sfm_vk_families);

const SfmVkFamily *sfm_vk_family_named(const char *name)
{
    for (size_t i = 0; i < sfm_vk_num_families; i++) {
        if (g_str_equal(sfm_vk_families[i].name, name))
            return &sfm_vk_families[i];
    }
    return NULL;
}

// What is for GPUs runs on a CPU too, if told to: slowly.
static bool is_meant_for(const SfmVkFamily *family, const SfmPhysical *p)
{
    return p->properties.deviceType != VK_PHYSICAL_DEVICE_TYPE_CPU ||
           !g_str_has_prefix(family->name, "gpu");
}

static const SfmVkFamily *usual(const SfmPhysical *p)
{
    const SfmVkFamily *family = sfm_vk_families;

    while (family->unable(p) || !is_meant_for(family, p))
        family++;
    return family;
}

static char *names(void)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();

    for (size_t i = 0; i < sfm_vk_num_families; i++)
        g_ptr_array_add(all, (gpointer)sfm_vk_families[i].name);
    g_ptr_array_add(all, NULL);
    return g_strjoinv(", ", (char **)all->pdata);
}

const SfmVkFamily *sfm_vk_family_choose(const SfmPhysical *p, const char *wanted, GError **error)
{
    if (!wanted || !*wanted)
        return usual(p);

    const SfmVkFamily *family = sfm_vk_family_named(wanted);
    const char *why = family ? family->unable(p) : NULL;
    g_autofree char *all = family ? NULL : names();
    if (!family)
        sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                 "SFUMATO_KERNELS: there are no kernels \"%s\"; it may be one of: %s", wanted, all);
    else if (why)
        sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                 "SFUMATO_KERNELS: device \"%s\" cannot run the kernels \"%s\": %s; set plain, "
                 "which every device runs, or leave it out",
                 p->properties.deviceName, wanted, why);
    return why ? NULL : family;
}

const SfmVkFamily *sfm_vk_family_again(const SfmPhysical *p, const char *name, const char *device)
{
    const SfmVkFamily *family = sfm_vk_family_named(name);
    const bool is_here = g_strcmp0(device, p->properties.deviceName) == 0;

    return family && !family->unable(p) && (is_here || is_meant_for(family, p)) ? family : NULL;
}
