// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_VK_PROGRAM_H
#define SFM_VK_PROGRAM_H

#include "plan/runner.h"

// The program functions of SfmRunnerClass (plan/runner.h), on Vulkan. A program
// is recorded once, as a chain of command buffers of at most 100 ms of estimated
// work, and replayed by each run.

SfmProgram *sfm_vk_program_new(SfmRunner *runner, const SfmPlan *plan, SfmWeightFunc weights,
                               void *user_data, GError **error);
void sfm_vk_program_free(SfmRunner *runner, SfmProgram *program);
bool sfm_vk_program_run(SfmRunner *runner, SfmProgram *program, SfmBuffer *const out[],
                        SfmBuffer *const in[], const SfmRunOptions *options, GError **error);
bool sfm_vk_program_time(SfmRunner *runner, SfmProgram *program, SfmProgramTimes *times,
                         GError **error);

#endif
