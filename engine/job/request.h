// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_REQUEST_H
#define SFM_JOB_REQUEST_H

#include <sfumato/engine.h>

#include "job/knobs.h"
#include "job/network.h"
#include "job/picture.h"
#include "job/size.h"
#include "script/script.h"

// Images first .. end - 1 of a job.
typedef struct {
    uint32_t first, end;
} SfmSpan;

// What a job was asked for, checked, every default filled in.
typedef struct {
    SfmJob job;
    SfmKnobs knobs;                        // the job's own
    SfmPicture inputs[SFM_JOB_MAX_INPUTS]; // borrowed from the caller, as many as the job has
    char *hashes[SFM_JOB_MAX_INPUTS];      // of them, for recipes; NULL until then; owned
    SfmScript *schedule, *sampler;         // owned; their knobs set
    int num_steps;
    uint32_t seed;
    SfmNoise noise;
    uint32_t num_images;   // of the job
    SfmSpan wanted;        // of them, those that are handed out
    SfmSpan made;          // and those that are made for that: torch draws all as one
    uint32_t num_frames;   // that are kept of each
    SfmExtent pixels;      // of the picture
    uint32_t channels;     // likewise
    SfmUnetSize size;      // of x: padded, and as many images at once
    SfmUnetSize tile;      // of what the network runs on: x itself, or a part of it, and as many of
                           // those at once
    uint32_t overlap;      // of tiles, in pixels; 0: there are none
    uint64_t memory_limit; // bytes of the device that were allowed; 0: what there is
    bool keep_tiles;       // as the settings have them
    uint64_t device_bytes; // of memory that it needs on the device
    int label;             // SFM_NO_LABEL: none
    char *class_name;      // as asked for; owned; NULL: none
    double guidance;       // 1: none
} SfmRequest;

// Checks before any work, so that a mistake costs no time: all fields, whether
// the scripts are there, and whether it fits into memory, by a plan. The pixels of
// pictures are not looked at, and may be NULL. False with SFM_ERROR_BAD_ARGUMENT and the
// like, naming field and value; the request is then left as it was.
bool sfm_request_init(SfmRequest *request, SfmScriptLibrary *library, SfmNetwork *network,
                      const SfmJobParams *params, GError **error);

// Checks the pixels of the pictures, and makes their hashes.
bool sfm_request_take_pixels(SfmRequest *request, SfmCancel *cancel, GError **error);

// A zeroed request is a no-op.
void sfm_request_clear(SfmRequest *request);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmRequest, sfm_request_clear)

#endif
