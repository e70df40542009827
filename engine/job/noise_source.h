// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_NOISE_SOURCE_H
#define SFM_JOB_NOISE_SOURCE_H

#include "base/cancel.h"
#include "plan/runner.h"

// Where a run's unit normals come from.
typedef struct SfmNoiseSource SfmNoiseSource;

// The noise that a run starts from is stream 0 of this step; no sampler gets so
// far.
#define SFM_NOISE_START UINT32_MAX

struct SfmNoiseSource {
    // Fills `out`, whose image n is image first_image + n of the job.
    bool (*draw)(SfmNoiseSource *source, uint32_t first_image, uint32_t step, uint32_t stream,
                 SfmBuffer *out, GError **error);
    void (*free)(SfmNoiseSource *source);
};

// Philox: a pure function of seed, image, step, stream and element. `runner` and `cancel` are
// borrowed, and outlive the source; NULL never cancels.
SfmNoiseSource *sfm_noise_philox_new(SfmRunner *runner, uint32_t seed, SfmCancel *cancel);

// torch's CPU generator, in the order in which published pipelines draw: the
// start, then once whenever noise is needed, all images of a batch at once.
// What is asked for does not matter, only when.
SfmNoiseSource *sfm_noise_torch_new(SfmRunner *runner, uint32_t seed, SfmCancel *cancel);

// NULL is a no-op.
void sfm_noise_source_free(SfmNoiseSource *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmNoiseSource, sfm_noise_source_free)

#endif
