// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_NOISE_TABLE_H
#define SFM_JOB_NOISE_TABLE_H

#include "file/config.h"

// The noise levels that a VP network was trained on, one for each timestep
// 0 .. num - 1.
typedef struct {
    size_t num;             // T
    double *alphas_cumprod; // [num], owned; float32 values, as published code has them
    double *sigma;          // [num], owned; sqrt((1 - abar) / abar), never falls
} SfmNoiseTable;

// Whether a network that was trained so has timesteps at all: score networks and
// consistency models are told levels.
bool sfm_noise_table_wanted(const SfmSchedulerConfig *config);

// Makes the table that the scheduler's file describes, rounded as torch rounds
// it. False, with SFM_ERROR_BAD_FILE, if a beta is not between 0 and 1, or with
// SFM_ERROR_NO_MEMORY; the table is then left as it was.
bool sfm_noise_table_init(SfmNoiseTable *table, const SfmSchedulerConfig *config, GError **error);

// A zeroed table is a no-op.
void sfm_noise_table_clear(SfmNoiseTable *table);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmNoiseTable, sfm_noise_table_clear)

// The timestep of a level: a whole number at the table's own levels, between
// them linear in log sigma, the nearest end beyond them.
double sfm_noise_table_timestep(const SfmNoiseTable *table, double sigma);

// The other way: the level of a timestep, which may lie between two whole ones.
double sfm_noise_table_sigma(const SfmNoiseTable *table, double timestep);

#endif
