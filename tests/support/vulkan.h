// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_TESTS_SUPPORT_VULKAN_H
#define SFM_TESTS_SUPPORT_VULKAN_H

#include "plan/runner.h"

// A runner on the fastest device, with the validation layer on: what the layer
// says fails the call at hand, and so the test. Never NULL. Free it with
// sfm_runner_free().
SfmRunner *vulkan_runner(void);

// Keeps the drivers and layers that are loaded until the process ends. lavapipe
// leaves 128 bytes behind, and the leak checker only knows whose they are, and
// what points to them, while it is there.
void keep_drivers(void);

#endif
