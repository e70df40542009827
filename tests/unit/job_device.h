// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_TESTS_UNIT_JOB_DEVICE_H
#define SFM_TESTS_UNIT_JOB_DEVICE_H

#include "job_trial.h"
#include "support/vulkan.h"

// An engine on a device by its name; NULL: on Vulkan, with the validation layer on.
static inline SfmEngine *open_on(const char *device)
{
    const SfmEngineParams params = { .device = device,
                                     .data_dir = data_dir,
                                     .validate = device == NULL };
    g_autoptr(GError) error = NULL;
    SfmEngine *engine = sfm_engine_new(&params, &error);

    g_assert_no_error(error);
    keep_drivers();
    return engine;
}

#endif
