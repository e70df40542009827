// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/devices.h"

#include "vk/target.h"

void sfm_device_info_free(SfmDeviceInfo *info)
{
    if (!info)
        return;
    g_free(info->name);
    g_free(info->kind);
    g_free(info->driver);
    g_free(info->api_version);
    g_free(info->features);
    g_free(info->unusable);
    g_free(info->identity);
    g_free(info);
}

static void free_info(gpointer info)
{
    sfm_device_info_free(info);
}

static const char *kind_of(const SfmPhysical *p)
{
    switch (p->properties.deviceType) {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
        return "discrete GPU";
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
        return "integrated GPU";
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
        return "virtual GPU";
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
        return "CPU";
    default:
        return "other";
    }
}

static char *driver_of(const SfmPhysical *p)
{
    if (*p->driver.driverName)
        return g_strdup_printf("%s %s", p->driver.driverName, p->driver.driverInfo);
    return g_strdup_printf("version %u", p->properties.driverVersion);
}

static char *version_of(const SfmPhysical *p)
{
    const uint32_t version = p->properties.apiVersion;
    return g_strdup_printf("%u.%u.%u", VK_API_VERSION_MAJOR(version), VK_API_VERSION_MINOR(version),
                           VK_API_VERSION_PATCH(version));
}

static char *features_of(const SfmPhysical *p)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *subgroups = g_strdup_printf("subgroups of %u", p->subgroup.subgroupSize);

    if ((p->subgroup.supportedStages & VK_SHADER_STAGE_COMPUTE_BIT) &&
        (p->subgroup.supportedOperations & VK_SUBGROUP_FEATURE_SHUFFLE_BIT))
        g_ptr_array_add(names, subgroups);
    if (p->timestamp_bits > 0)
        g_ptr_array_add(names, (gpointer) "timestamps");
    if (p->memory_budget)
        g_ptr_array_add(names, (gpointer) "memory budget");
    g_ptr_array_add(names, NULL);
    return g_strjoinv(", ", (char **)names->pdata);
}

// One whose target cannot be made has an empty identity.
static void describe_target(const SfmPhysical *p, SfmDeviceInfo *info)
{
    g_autoptr(GError) why = NULL;
    SfmVkTarget target = { 0 };

    if (sfm_vk_target_init(&target, p, &why))
        info->identity = g_steal_pointer(&target.identity);
    else
        info->identity = g_strdup("");
    if (why && !info->unusable)
        info->unusable = g_strdup(why->message);
    sfm_vk_target_clear(&target);
}

static SfmDeviceInfo *describe(const SfmPhysical *p, int index)
{
    SfmDeviceInfo *info = g_new0(SfmDeviceInfo, 1);
    info->index = index;
    info->name = g_strdup(p->properties.deviceName);
    info->kind = g_strdup(kind_of(p));
    info->driver = driver_of(p);
    info->api_version = version_of(p);
    info->memory_size = p->memory_size;
    info->features = features_of(p);
    info->unusable = sfm_physical_unusable(p);
    describe_target(p, info);
    info->num_tuned = -1;
    return info;
}

GPtrArray *sfm_vk_list_devices(GError **error)
{
    g_autoptr(SfmInstance) instance = sfm_instance_new(false, error);
    g_autoptr(GPtrArray) list = instance ? sfm_physical_list(instance, error) : NULL;
    if (!list)
        return NULL;

    GPtrArray *infos = g_ptr_array_new_with_free_func(free_info);
    for (guint i = 0; i < list->len; i++)
        g_ptr_array_add(infos, describe(list->pdata[i], (int)i));
    return infos;
}
