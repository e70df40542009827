// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_FIT_H
#define SFM_JOB_FIT_H

#include "job/request.h"

// How a request runs on its device: how many images at once, whether in tiles,
// and whether it fits at all, by a plan. The rest of the request is there; sets
// `tile`, `overlap` and the batches. False with SFM_ERROR_NO_MEMORY.
bool sfm_request_fit(SfmRequest *request, SfmNetwork *network, GError **error);

#endif
