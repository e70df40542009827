// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_ORIGIN_H
#define SFM_GIMP_ORIGIN_H

#include <stdbool.h>

#include <sfumato/engine.h>

#include "gimp/host.h"
#include "gimp/pixels.h"

// What in GIMP a procedure was called on, or a person has pointed at.
typedef struct {
    int image; // -1: none
    int layer; // -1: the active one
    int to;    // the second layer of a job between two; -1: the one below the first
} SfmSubject;

// What a job starts from, and where its pictures go. Zeroed it is empty.
typedef struct {
    SfmJob job;
    SfmHostPlace place;                     // of the new layers
    int layer;                              // that they are made like; -1: none
    SfmPixels pictures[SFM_JOB_MAX_INPUTS]; // of layers, as many as the job starts from
    SfmPixels mask;                         // what is selected of the first; empty: all of it
} SfmOrigin;

// Reads all that the job needs of the image, which stays as it is. Jobs that
// change a part of a layer read what is selected of it and some of what lies
// around; without a selection all of it, but painting anew asks for one. Failures
// are SFM_ERROR_BAD_ARGUMENT with the remedy, such as for a layer group, and
// SFM_ERROR_NO_MEMORY. `origin` is zeroed memory; clear it in any case. Main thread.
bool sfm_origin_read(const SfmSubject *subject, SfmJob job, SfmOrigin *origin, GError **error);

// Which part of the layer that is, in pixels of the image, of a job that starts from
// one; of two layers, of the first. False: there is none to read. Main thread.
bool sfm_origin_area(const SfmSubject *subject, SfmJob job, GeglRectangle *area);

void sfm_origin_clear(SfmOrigin *origin);

// Completes the request of a form: pictures, which `origin` owns, and the size that
// the form leaves open.
void sfm_origin_complete(const SfmOrigin *origin, SfmJobParams *params);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmOrigin, sfm_origin_clear)

#endif
