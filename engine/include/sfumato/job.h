// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFUMATO_JOB_H
#define SFUMATO_JOB_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>
#include <sfumato/param.h>

G_BEGIN_DECLS

// What a person can have done.
typedef enum {
    SFM_JOB_GENERATE,    // pictures from noise
    SFM_JOB_VARY,        // others like a picture
    SFM_JOB_DENOISE,     // a picture without its noise
    SFM_JOB_INTERPOLATE, // between two pictures
    SFM_JOB_INPAINT,     // a part of a picture anew
} SfmJob;

enum { SFM_NUM_JOBS = 5 };

enum { SFM_JOB_MAX_INPUTS = 2 }; // pictures that a job starts from

// A job as shells show it. All is static.
typedef struct {
    const char *name;    // "vary": the verb of the command line, and in recipes
    const char *title;   // for people, untranslated
    const char *summary; // a sentence without its full stop
    const char *inputs[SFM_JOB_MAX_INPUTS + 1]; // what each picture is called, in their order; ends
                                                // with NULL
    bool masked; // the last of them is a mask: white is painted, black is kept, and gray is between
    size_t num_params;
    const SfmParam *params; // [num_params]: the job's own knobs; set as "job.NAME=VALUE" among
                            // the settings
} SfmJobInfo;

// NULL: there is no such job.
const SfmJobInfo *sfm_job_info(SfmJob job);

// A picture that a job starts from: gray, gray and alpha, RGB, RGBA, encoded as
// the model's data was (sRGB), 0 black to 1 white, alpha not multiplied in, top
// row first. Channel c of pixel (x, y) is pixels[(y * width + x) * channels + c].
typedef struct {
    int width, height;   // in pixels
    int channels;        // 1 .. 4
    const float *pixels; // borrowed; NULL: there is none
} SfmPicture;

G_END_DECLS

#endif
