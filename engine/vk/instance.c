// SPDX-License-Identifier: GPL-3.0-or-later
//
// volk is compiled in here, and only here: it opens the loader at run time, so
// that a machine without Vulkan gets a sentence and not a linker's error.

#define VOLK_IMPLEMENTATION
#include "vk/instance.h"

#include "vk/check.h"
#include "vk/devices.h"

#define LAYER  "VK_LAYER_KHRONOS_validation"
#define REMEDY "install libvulkan1 and mesa-vulkan-drivers"

static VkBool32 note_message(VkDebugUtilsMessageSeverityFlagBitsEXT severity,
                             VkDebugUtilsMessageTypeFlagsEXT types,
                             const VkDebugUtilsMessengerCallbackDataEXT *data, void *user_data)
{
    SfmInstance *instance = user_data;
    g_mutex_lock(&instance->lock);
    g_string_append_printf(instance->messages, "%s%s", instance->messages->len ? "\n" : "",
                           data->pMessage);
    g_mutex_unlock(&instance->lock);
    return VK_FALSE;
}

static VkDebugUtilsMessengerCreateInfoEXT messenger_info(SfmInstance *instance)
{
    return (VkDebugUtilsMessengerCreateInfoEXT){
        .sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT,
        .messageSeverity = VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT |
                           VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT,
        .messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT |
                       VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT,
        .pfnUserCallback = note_message,
        .pUserData = instance,
    };
}

// A loader that opens but has no vkCreateInstance is as good as none.
static bool open_loader(GError **error)
{
    if (!vkCreateInstance && (volkInitialize() != VK_SUCCESS || !vkCreateInstance))
        return sfm_fail(error, SFM_ERROR_NO_DEVICE, "no Vulkan on this system: " REMEDY);
    if (volkGetInstanceVersion() < VK_API_VERSION_1_1)
        return sfm_fail(error, SFM_ERROR_NO_DEVICE,
                        "the Vulkan loader is older than version 1.1: " REMEDY);
    return true;
}

// Synchronization is validated too: it tells when a barrier is missing.
static const VkValidationFeaturesEXT validation = {
    .sType = VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT,
    .enabledValidationFeatureCount = 1,
    .pEnabledValidationFeatures =
        (const VkValidationFeatureEnableEXT[]){
            VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT,
        },
};

static bool create(SfmInstance *instance, GError **error)
{
    static const char *const extensions[] = {
        VK_EXT_DEBUG_UTILS_EXTENSION_NAME,
        VK_EXT_VALIDATION_FEATURES_EXTENSION_NAME,
    };
    const bool validate = instance->messages != NULL;
    VkDebugUtilsMessengerCreateInfoEXT messenger = messenger_info(instance);
    messenger.pNext = &validation;
    const VkApplicationInfo app = {
        .sType = VK_STRUCTURE_TYPE_APPLICATION_INFO,
        .pApplicationName = "Sfumato",
        .apiVersion = VK_API_VERSION_1_1,
    };
    const VkInstanceCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
        .pNext = validate ? &messenger : NULL, // for what is said while it is made and destroyed
        .pApplicationInfo = &app,
        .enabledLayerCount = validate ? 1 : 0,
        .ppEnabledLayerNames = &(const char *){ LAYER },
        .enabledExtensionCount = validate ? G_N_ELEMENTS(extensions) : 0,
        .ppEnabledExtensionNames = extensions,
    };

    switch (vkCreateInstance(&info, NULL, &instance->handle)) {
    case VK_SUCCESS:
        return true;
    case VK_ERROR_LAYER_NOT_PRESENT:
        return sfm_fail(error, SFM_ERROR_NO_DEVICE,
                        "no " LAYER ": install vulkan-validationlayers");
    case VK_ERROR_INCOMPATIBLE_DRIVER:
        return sfm_fail(error, SFM_ERROR_NO_DEVICE, "no Vulkan driver on this system: " REMEDY);
    default:
        return sfm_fail(error, SFM_ERROR_NO_DEVICE, "Vulkan does not start (vkCreateInstance)");
    }
}

static void load_functions(SfmInstance *instance)
{
#define X(name) instance->fn.name = (PFN_##name)vkGetInstanceProcAddr(instance->handle, #name);
    SFM_INSTANCE_FUNCTIONS(X)
#undef X
    if (!vkGetDeviceProcAddr) // for volkLoadDeviceTable(): the loader's own, of no one instance
        volkLoadInstanceOnly(instance->handle);
}

static bool make_messenger(SfmInstance *instance, GError **error)
{
    if (!instance->messages)
        return true;
    const VkDebugUtilsMessengerCreateInfoEXT info = messenger_info(instance);
    return VK(instance, error, vkCreateDebugUtilsMessengerEXT, instance->handle, &info, NULL,
              &instance->messenger);
}

// volk keeps what it finds in globals, which are written under this lock alone.
static GMutex volk;

static bool connect(SfmInstance *instance, GError **error)
{
    g_mutex_lock(&volk);
    const bool ok = open_loader(error) && create(instance, error);
    if (ok)
        load_functions(instance);
    g_mutex_unlock(&volk);
    return ok;
}

SfmInstance *sfm_instance_new(bool validate, GError **error)
{
    g_autoptr(SfmInstance) instance = g_new0(SfmInstance, 1);
    g_mutex_init(&instance->lock);
    if (validate)
        instance->messages = g_string_new(NULL);

    if (!connect(instance, error) || !make_messenger(instance, error))
        return NULL;
    return g_steal_pointer(&instance);
}

void sfm_instance_free(SfmInstance *instance)
{
    if (!instance)
        return;
    if (instance->messenger)
        instance->fn.vkDestroyDebugUtilsMessengerEXT(instance->handle, instance->messenger, NULL);
    if (instance->handle)
        instance->fn.vkDestroyInstance(instance->handle, NULL);

    if (instance->messages) {
        if (instance->messages->len > 0)
            g_critical("%s", instance->messages->str);
        g_string_free(instance->messages, TRUE);
    }
    g_mutex_clear(&instance->lock);
    g_free(instance);
}

bool sfm_instance_check(SfmInstance *instance, GError **error)
{
    if (!instance->messages)
        return true;

    g_mutex_lock(&instance->lock);
    const bool silent = instance->messages->len == 0;
    if (!silent)
        sfm_fail(error, SFM_ERROR_DEVICE, "%s", instance->messages->str);
    g_string_truncate(instance->messages, 0);
    g_mutex_unlock(&instance->lock);
    return silent;
}

// ---- for those who ask for the loader alone -----------------------------------

static bool has_layer(void)
{
    uint32_t count = 0;
    if (vkEnumerateInstanceLayerProperties(&count, NULL) != VK_SUCCESS)
        return false;
    g_autofree VkLayerProperties *all = g_new0(VkLayerProperties, count);
    if (vkEnumerateInstanceLayerProperties(&count, all) != VK_SUCCESS)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (g_str_equal(all[i].layerName, LAYER))
            return true;
    }
    return false;
}

SfmLoaderInfo *sfm_vk_find_loader(GError **error)
{
    g_mutex_lock(&volk);
    const bool ok = open_loader(error);
    g_mutex_unlock(&volk);
    if (!ok)
        return NULL;

    const uint32_t version = volkGetInstanceVersion();
    SfmLoaderInfo *info = g_new0(SfmLoaderInfo, 1);
    info->version = g_strdup_printf("%u.%u.%u", VK_API_VERSION_MAJOR(version),
                                    VK_API_VERSION_MINOR(version), VK_API_VERSION_PATCH(version));
    info->validation = has_layer();
    return info;
}

void sfm_loader_info_free(SfmLoaderInfo *info)
{
    if (!info)
        return;
    g_free(info->version);
    g_free(info);
}
