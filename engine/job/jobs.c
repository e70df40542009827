// SPDX-License-Identifier: GPL-3.0-or-later
//
// What each job is called, reads and can be told: the one place. Flags, widgets,
// help and recipes are made from these tables. GIMP 2.10 calls by position: knobs
// are added at the end only. The tests then name what else lists them: tests/gimp
// (suite.lua, words-*.scm), tests/unit/form.c, docs/manual (`ninja procedures-page`),
// po/, and for generate the calls in try and debian/tests/smoke.

#include <sfumato/job.h>

// Texts for people are marked for translation, which is for the shells to do.
#define N_(text) (text)

// Tiles of pictures too large for the network, or larger than a job cares for.
#define TILE                                                                                       \
    {                                                                                              \
        .name = "tile", .label = N_("Tile"),                                                       \
        .help = N_("Width and height, in pixels, of the tiles in which larger pictures are shown " \
                   "to the network; 0: as fits best"),                                             \
        .type = SFM_PARAM_INTEGER, .min = 0.0, .max = 4096.0, .step = 16.0, .default_number = 0.0, \
    }

static const SfmParam generate[] = {
    {
        .name = "frames",
        .label = N_("Frames"),
        .help = N_("How many looks at the picture on its way are kept beside it; 0: none"),
        .type = SFM_PARAM_INTEGER,
        .min = 0.0,
        .max = 100.0,
        .step = 1.0,
        .default_number = 0.0,
    },
    {
        .name = "seamless",
        .label = N_("Seamless"),
        .help = N_("Along which axes opposite edges meet, so that the picture can be repeated"),
        .type = SFM_PARAM_CHOICE,
        .default_text = "no",
        .choices = (char *[]){ N_("no"), "x", "y", N_("both"), NULL },
    },
    TILE,
};

static const SfmParam vary[] = {
    {
        .name = "strength",
        .label = N_("Strength"),
        .help = N_("How much becomes new: 0 nothing, 1 everything"),
        .type = SFM_PARAM_NUMBER,
        .min = 0.0,
        .max = 1.0,
        .step = 0.05,
        .default_number = 0.5,
    },
    TILE,
};

// A share of something, 0 .. 1, all of it by default.
#define IS_SHARE .type = SFM_PARAM_NUMBER, .max = 1.0, .step = 0.05, .default_number = 1.0

static const SfmParam denoise[] = {
    {
        .name = "sigma",
        .label = N_("Noise"),
        .help = N_("Standard deviation of the noise, of 255; 0: estimated"),
        .type = SFM_PARAM_NUMBER,
        .min = 0.0,
        .max = 255.0,
        .step = 1.0,
        .default_number = 0.0,
    },
    { .name = "strength",
      .label = N_("Strength"),
      .help = N_("How much of what is found is taken away"),
      IS_SHARE },
    { .name = "luminance",
      .label = N_("Luminance"),
      .help = N_("How much of the noise in brightness goes"),
      IS_SHARE },
    { .name = "colour",
      .label = N_("Colour"),
      .help = N_("How much of the noise in colour goes"),
      IS_SHARE },
    TILE,
    {
        .name = "average",
        .label = N_("Average"),
        .help = N_("How many mirror images of the picture are denoised, for their mean: a little "
                   "better, and as many times as slow"),
        .type = SFM_PARAM_INTEGER,
        .min = 1.0,
        .max = 4.0,
        .step = 1.0,
        .default_number = 1.0,
    },
};

static const SfmParam interpolate[] = {
    {
        .name = "level",
        .label = N_("Level"),
        .help =
            N_("How much noise both get before they are mixed: 0 a cross-fade, 1 something new"),
        .type = SFM_PARAM_NUMBER,
        .min = 0.0,
        .max = 1.0,
        .step = 0.05,
        .default_number = 0.5,
    },
    {
        .name = "mixing",
        .label = N_("Mixing"),
        .help = N_("The same noise in both, noise of their own, or the noise that leads to each"),
        .type = SFM_PARAM_CHOICE,
        .default_text = "linear",
        .choices = (char *[]){ N_("linear"), N_("spherical"), N_("inversion"), NULL },
    },
    TILE,
};

static const SfmParam inpaint[] = {
    { .name = "strength",
      .label = N_("Strength"),
      .help = N_("How much becomes new: 0 nothing, 1 everything"),
      IS_SHARE },
    {
        .name = "rounds",
        .label = N_("Rounds"),
        .help = N_("How often each part of the run is gone through; more agree better with the "
                   "surroundings"),
        .type = SFM_PARAM_INTEGER,
        .min = 1.0,
        .max = 100.0,
        .step = 1.0,
        .default_number = 4.0,
    },
    {
        .name = "jump",
        .label = N_("Jump"),
        .help = N_("Steps in such a part"),
        .type = SFM_PARAM_INTEGER,
        .min = 1.0,
        .max = 1000.0,
        .step = 1.0,
        .default_number = 2.0,
    },
    TILE,
};

static const SfmJobInfo jobs[SFM_NUM_JOBS] = {
    [SFM_JOB_GENERATE] = {
        .name = "generate",
        .title = N_("Generate"),
        .summary = N_("Makes pictures from noise"),
        .num_params = G_N_ELEMENTS(generate),
        .params = generate,
    },
    [SFM_JOB_VARY] = {
        .name = "vary",
        .title = N_("Vary"),
        .summary = N_("Makes pictures like a given one"),
        .inputs = { "picture" },
        .num_params = G_N_ELEMENTS(vary),
        .params = vary,
    },
    [SFM_JOB_DENOISE] = {
        .name = "denoise",
        .title = N_("Denoise"),
        .summary = N_("Takes the noise out of a photograph"),
        .inputs = { "picture" },
        .num_params = G_N_ELEMENTS(denoise),
        .params = denoise,
    },
    [SFM_JOB_INTERPOLATE] = {
        .name = "interpolate",
        .title = N_("Interpolate"),
        .summary = N_("Makes pictures between two"),
        .inputs = { "from", "to" },
        .num_params = G_N_ELEMENTS(interpolate),
        .params = interpolate,
    },
    [SFM_JOB_INPAINT] = {
        .name = "inpaint",
        .title = N_("Inpaint"),
        .summary = N_("Paints a part of a picture anew, in agreement with the rest"),
        .inputs = { "picture", "mask" },
        .masked = true,
        .num_params = G_N_ELEMENTS(inpaint),
        .params = inpaint,
    },
};

const SfmJobInfo *sfm_job_info(SfmJob job)
{
    return (int)job >= 0 && (int)job < SFM_NUM_JOBS ? &jobs[job] : NULL;
}
