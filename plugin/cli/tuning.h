// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_TUNING_H
#define SFM_CLI_TUNING_H

#include <sfumato/tune.h>

// Whether a device has been tuned, in a line; the caller frees it.
char *tuning_text(const SfmDeviceInfo *device);

// What was found about a model.
typedef struct {
    const char *model;
    SfmTune tune;
} Tuned;

// Of one model, as a table on standard output.
void tuning_print(const Tuned *tuned);

// Of all of them, as JSON.
void tuning_print_json(const char *device, const Tuned *tuned, size_t num);

#endif
