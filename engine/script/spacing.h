// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_SPACING_H
#define SFM_SCRIPT_SPACING_H

#include <stddef.h>

// Which of `num_train` training steps a run of `num_steps` visits, as published
// schedulers choose them: "leading", "linspace" or "trailing" (any other name is
// "leading"). Strictly decreasing, within 0 .. num_train - 1. 1 <= num_steps <=
// num_train; `offset` shifts "leading" as far as there is room.
void sfm_spacing(const char *name, size_t num_train, int offset, size_t num_steps,
                 size_t timesteps[]);

#endif
