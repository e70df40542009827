// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_DEFAULTS_H
#define SFM_JOB_DEFAULTS_H

#include "file/model.h"

// What a request that leaves a field open gets: the card's word, else that of
// the published scheduler. All of a model that was at least peeked at.

// Names of scripts: static, or the model's. Where the published scheduler has no
// counterpart they are what suits most models.
const char *sfm_default_schedule(const SfmModel *model);
const char *sfm_default_sampler(const SfmModel *model);

// As many as the card says; else as the published pipeline takes with the
// sampler that stands for its scheduler; else as are usable with that sampler.
int sfm_default_steps(const SfmModel *model, const char *sampler);
double sfm_default_guidance(const SfmModel *model);

// Native size in pixels; 0 where neither card nor config says.
void sfm_default_size(const SfmModel *model, uint32_t *width, uint32_t *height);

// Channels of the picture: 12 network channels around a patch of 2 are 3.
uint32_t sfm_image_channels(const SfmModel *model);

// Whether x starts as sigma z, and not as sqrt(1 + sigma^2) z: score networks,
// and the published schedulers whose init_noise_sigma is the largest sigma.
bool sfm_starts_with_sigma(const SfmModel *model);

#endif
