// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_PUBLISHED_ROW_H
#define SFM_JOB_PUBLISHED_ROW_H

#include "job/published.h"

// The table behind published.h: a row a class, in a file a family.

// Adds the settings of a class to a choice that names the row's scripts already;
// it may name another sampler. False if an option has no counterpart.
typedef bool (*SfmPublishedFill)(const SfmSchedulerConfig *config, int num_steps,
                                 SfmPublished *published, GError **error);

// How x starts: as sqrt(1 + sigma^2) z; as sigma z; or as sigma z unless the
// spacing is "leading".
typedef enum { SFM_START_VP, SFM_START_SIGMA, SFM_START_SIGMA_UNLESS_LEADING } SfmPublishedStart;

typedef struct {
    const char *class_name;
    const char *schedule, *sampler;
    SfmPublishedStart start;
    SfmPublishedFill fill;
} SfmPublishedRow;

// Each ends with a row without a class.
extern const SfmPublishedRow sfm_published_chains[]; // DDPM, DDIM, score and consistency networks
extern const SfmPublishedRow sfm_published_euler[];  // those that step in sigma
extern const SfmPublishedRow sfm_published_dpm[];    // those that step in log sigma

// Append a setting; `name` is "schedule.NAME" or "sampler.NAME".
void sfm_published_set(SfmPublished *published, const char *name, const char *value);
void sfm_published_set_bool(SfmPublished *published, const char *name, bool value);
void sfm_published_set_int(SfmPublished *published, const char *name, int value);
void sfm_published_set_number(SfmPublished *published, const char *name, double value);

// Append a setting of the sampler that holds only with the schedule of the row.
void sfm_published_tie(SfmPublished *published, const char *name, const char *value);
void sfm_published_tie_int(SfmPublished *published, const char *name, int value);

// Which timesteps the schedule "trained" visits: spacing and offset.
void sfm_published_set_spacing(const SfmSchedulerConfig *config, SfmPublished *published);

// Its spread, "karras" and so on; false for one that it does not have.
bool sfm_published_set_spread(const SfmSchedulerConfig *config, SfmPublished *published,
                              GError **error);

// "CLASS: OPTION has no counterpart here"; always false.
bool sfm_published_refuse(const SfmSchedulerConfig *config, const char *option, GError **error);

#endif
