// SPDX-License-Identifier: GPL-3.0-or-later
//
// A photograph with white noise of a standard deviation is x at that level: the
// run is entered there, and nothing is added. One step gives the mean of all
// pictures that may lie behind the noise; more steps make one of them.

#include <math.h>

#include "job/cut_off.h"
#include "job/formula.h"
#include "job/noise_level.h"
#include "job/picture.h"
#include "job/work.h"

// Below this there is no noise to speak of, and levels are above 0.
#define LEAST_SIGMA 1e-4

static bool estimate_level(SfmRun *run, double *level, GError **error)
{
    g_autoptr(GError) why = NULL;

    if (sfm_noise_level(&run->request->inputs[0], level, &run->engine->cancel, &why))
        return true;
    if (g_error_matches(why, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT))
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "%s; say it", why->message);
    g_propagate_error(error, g_steal_pointer(&why));
    return false;
}

// Of 255, as said or as found.
static bool choose_level(SfmRun *run, double *level, GError **error)
{
    const SfmRequest *r = run->request;

    *level = sfm_knobs_number(&r->knobs, "sigma");
    if (*level > 0.0)
        return true;
    if (!estimate_level(run, level, error))
        return false;
    *level *= 255.0;
    g_message("noise: estimated at sigma %.1f of 255", *level);
    return true;
}

// In x.
static double black_to_white(const SfmRun *run)
{
    return sfm_data_is_unit(run->model) ? 1.0 : 2.0;
}

static bool enter(SfmRun *run, double *sigma, GError **error)
{
    double level;

    if (!choose_level(run, &level, error))
        return false;
    *sigma = fmax(level / 255.0 * black_to_white(run), LEAST_SIGMA);
    return true;
}

static bool start(SfmRun *run, GError **error)
{
    return sfm_formula_scale(run->engine->runner, run->x, 1.0, run->given[0], error);
}

// How much of what the run has changed is kept, of luma and of the rest.
typedef struct {
    double luma, colour;
} Share;

static void keep_share(Share share, const float *given, int colours, float *pixel)
{
    double change[3];

    for (int c = 0; c < colours; c++)
        change[c] = (double)pixel[c] - (double)given[c];
    const double luma =
        colours == 1 ? change[0] : 0.2126 * change[0] + 0.7152 * change[1] + 0.0722 * change[2];
    for (int c = 0; c < colours; c++) {
        const double kept = share.luma * luma + share.colour * (change[c] - luma);
        pixel[c] = (float)CLAMP((double)given[c] + kept, 0.0, 1.0);
    }
}

static bool keep_shares(const SfmRun *run, Share share, SfmImage *image, GError **error)
{
    const SfmPicture *given = &run->request->inputs[0];
    const size_t width = (size_t)image->width, channels = (size_t)image->channels;

    for (size_t y = 0; y < (size_t)image->height; y++) {
        if (!sfm_run_goes_on(run, error))
            return false;
        for (size_t i = y * width; i < (y + 1) * width; i++)
            keep_share(share, given->pixels + i * channels, sfm_picture_colours(given),
                       image->pixels + i * channels);
    }
    return true;
}

static bool finish(const SfmRun *run, uint32_t index, SfmImage *image, GError **error)
{
    const SfmKnobs *knobs = &run->request->knobs;
    const double strength = sfm_knobs_number(knobs, "strength");
    const Share share = { strength * sfm_knobs_number(knobs, "luminance"),
                          strength * sfm_knobs_number(knobs, "colour") };

    return sfm_cut_off_mend(&run->request->inputs[0], run->levels.sigma[0] / black_to_white(run),
                            image, &run->engine->cancel, error) &&
           keep_shares(run, share, image, error);
}

const SfmWork sfm_work_denoise = {
    .enter = enter, .start = start, .finish = finish, .default_steps = 1, .usual_tile = 256
};
