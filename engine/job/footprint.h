// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_FOOTPRINT_H
#define SFM_JOB_FOOTPRINT_H

#include "file/model.h"
#include "job/request.h"

// Bytes on the device of what a job keeps there beside the network: x, what it is
// made of, and what the sampler makes of it. Of one image of a batch.
uint64_t sfm_footprint_of_image(const SfmRequest *request, const SfmModel *model);

// Of the tiles that run at once, all together; 0 where there are none.
uint64_t sfm_footprint_of_tiles(const SfmRequest *request, const SfmModel *model);

#endif
