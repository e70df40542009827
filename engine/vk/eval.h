// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_EVAL_H
#define SFM_VK_EVAL_H

#include "plan/runner.h"

// sfm_runner_eval() on Vulkan: an expression becomes a shader the first time its
// nodes are seen.
bool sfm_vk_eval(SfmRunner *runner, const SfmExpr *expr, const float scalars[],
                 SfmBuffer *const in[], SfmBuffer *out, GError **error);

#endif
