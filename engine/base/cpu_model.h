// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_BASE_CPU_MODEL_H
#define SFM_BASE_CPU_MODEL_H

#include <stddef.h>

// The model of the machine's processor as Linux names it, "AMD Ryzen 7 7840U"; ""
// where it does not say. Cut to `size` bytes with its end.
void sfm_cpu_model(char *model, size_t size);

// As above, of a file such as /proc/cpuinfo.
void sfm_cpu_model_in(const char *path, char *model, size_t size);

#endif
