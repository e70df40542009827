// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_WORKER_H
#define SFM_GIMP_WORKER_H

#include <stdbool.h>

#include <sfumato/engine.h>

#include "common/form.h"
#include "gimp/origin.h"
#include "gimp/thumbnail.h"

// A job in a thread of its own, so that the main thread can go on talking to
// GIMP, which only it may. All functions are the main thread's.
typedef struct SfmWorker SfmWorker;

// The pictures of a job.
typedef struct {
    SfmImage *images; // [num_images], owned
    int num_images;   // sfm_job_num_pictures()
} SfmPictures;

// A job that was done. Zeroed it is empty.
typedef struct {
    char *title; // of the model; owned
    SfmOrigin origin;
    SfmPictures pictures;
} SfmOutcome;

// A zeroed one is a no-op.
void sfm_pictures_clear(SfmPictures *pictures);
void sfm_outcome_clear(SfmOutcome *outcome);

// Called from the main loop some ten times a second, and a last time when the
// job has ended, well or not.
typedef void (*SfmWorkerFunc)(const SfmProgress *progress, bool ended, void *user_data);

// Starts the job. `form` is copied; it must have been checked. `origin` is that of
// the form's job, and scripts come from `library`; both outlive the worker. NULL for
// the library: as the engine finds them. Free it only
// when it has ended, or to end it.
SfmWorker *sfm_worker_start(const SfmForm *form, const SfmOrigin *origin, SfmScriptLibrary *library,
                            SfmWorkerFunc func, void *user_data);

// The latest estimate of the picture at hand, which the caller then owns; false:
// there is none since the last call. Without a call of sfm_worker_want_thumbnails()
// there never is.
void sfm_worker_want_thumbnails(SfmWorker *worker);
bool sfm_worker_take_thumbnail(SfmWorker *worker, SfmThumbnail *thumbnail);

// Makes the job end soon, with SFM_ERROR_CANCELLED.
void sfm_worker_cancel(SfmWorker *worker);

// Waits for the end and hands the pictures over; false, with `error` set, if
// there are none. Once only.
bool sfm_worker_finish(SfmWorker *worker, SfmPictures *pictures, GError **error);

// Cancels and waits where need be. NULL is a no-op.
void sfm_worker_free(SfmWorker *worker);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmPictures, sfm_pictures_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmOutcome, sfm_outcome_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmWorker, sfm_worker_free)

#endif
