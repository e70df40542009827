// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CPU_PROGRAM_H
#define SFM_CPU_PROGRAM_H

#include "plan/runner.h"

// The program functions of SfmRunnerClass (plan/runner.h), by the C references.

SfmProgram *sfm_cpu_program_new(SfmRunner *runner, const SfmPlan *plan, SfmWeightFunc weights,
                                void *user_data, GError **error);
void sfm_cpu_program_free(SfmRunner *runner, SfmProgram *program);
bool sfm_cpu_program_run(SfmRunner *runner, SfmProgram *program, SfmBuffer *const out[],
                         SfmBuffer *const in[], const SfmRunOptions *options, GError **error);
bool sfm_cpu_program_time(SfmRunner *runner, SfmProgram *program, SfmProgramTimes *times,
                          GError **error);
size_t sfm_cpu_weight_bytes(SfmRunner *runner, const SfmPlan *plan);

#endif
