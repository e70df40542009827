// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_PUBLISHED_H
#define SFM_JOB_PUBLISHED_H

#include "file/config.h"

// Which of our schedules and samplers, and which settings of them, make what a
// published scheduler makes (docs/published.md has the table).

typedef struct {
    const char *schedule, *sampler; // names of built-in scripts; static
    GPtrArray *settings; // "schedule.spacing=leading", "sampler.eta=0" ...; owned, ends with NULL
    GPtrArray *tied;     // more of the sampler's, which hold with this schedule only; likewise
} SfmPublished;

// For a run of `num_steps` steps. False, with SFM_ERROR_UNSUPPORTED, if nothing
// here does what the class does, or what an option of it asks for; the message
// names it. `published` is then left as it was.
bool sfm_published_choose(const SfmSchedulerConfig *config, int num_steps, SfmPublished *published,
                          GError **error);

// A zeroed choice is a no-op.
void sfm_published_clear(SfmPublished *published);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmPublished, sfm_published_clear)

// Whether x starts as sigma z, and not as sqrt(1 + sigma^2) z.
bool sfm_published_starts_with_sigma(const SfmSchedulerConfig *config);

#endif
