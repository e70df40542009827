// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_INSTANCE_H
#define SFM_VK_INSTANCE_H

#include <glib.h>
#include <volk.h>

#include "base/error.h"

// The instance's functions that the engine calls. Behind a table for the same
// reasons as the device's.
#define SFM_INSTANCE_FUNCTIONS(X)               \
    X(vkDestroyInstance)                        \
    X(vkEnumeratePhysicalDevices)               \
    X(vkEnumerateDeviceExtensionProperties)     \
    X(vkGetPhysicalDeviceProperties)            \
    X(vkGetPhysicalDeviceProperties2)           \
    X(vkGetPhysicalDeviceFeatures2)             \
    X(vkGetPhysicalDeviceFormatProperties)      \
    X(vkGetPhysicalDeviceMemoryProperties)      \
    X(vkGetPhysicalDeviceMemoryProperties2)     \
    X(vkGetPhysicalDeviceQueueFamilyProperties) \
    X(vkCreateDevice)                           \
    X(vkCreateDebugUtilsMessengerEXT)           \
    X(vkDestroyDebugUtilsMessengerEXT)

typedef struct {
#define X(name) PFN_##name name;
    SFM_INSTANCE_FUNCTIONS(X)
#undef X
} SfmInstanceTable;

// A connection to the Vulkan loader.
typedef struct {
    VkInstance handle;
    SfmInstanceTable fn;
    VkDebugUtilsMessengerEXT messenger; // null unless validating
    GString *messages; // of the validation layers, one a line; NULL unless validating
    GMutex lock;       // of the messages: layers speak in whichever thread calls
} SfmInstance;

// Loads Vulkan. `validate` turns on the Khronos validation layer, whose warnings
// and errors then wait for sfm_instance_check(). NULL, with SFM_ERROR_NO_DEVICE
// and the remedy, where there is no loader or no layer. Any thread may call it.
SfmInstance *sfm_instance_new(bool validate, GError **error);

// Messages that nobody has taken are logged as criticals. NULL is a no-op.
void sfm_instance_free(SfmInstance *instance);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmInstance, sfm_instance_free)

// False, with the messages of the validation layers, if any came since the last
// call; takes them.
bool sfm_instance_check(SfmInstance *instance, GError **error);

#endif
