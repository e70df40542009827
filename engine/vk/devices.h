// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_DEVICES_H
#define SFM_VK_DEVICES_H

#include <sfumato/engine.h>
#include <sfumato/system.h>

// What sfm_list_devices() gives (sfumato/engine.h): an array of SfmDeviceInfo that
// frees its elements with sfm_device_info_free(), which is here too. NULL, with
// SFM_ERROR_NO_DEVICE and the remedy: no loader, or no driver. Any thread may
// call it.
GPtrArray *sfm_vk_list_devices(GError **error);

// What sfm_find_loader() gives (sfumato/system.h).
SfmLoaderInfo *sfm_vk_find_loader(GError **error);

#endif
