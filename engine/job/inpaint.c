// SPDX-License-Identifier: GPL-3.0-or-later
//
// RePaint (Lugmayr et al., arXiv:2201.09865, algorithm 1): where the mask is
// black the picture is known, and x there is the picture with noise of the level
// at hand. Going back up and down again lets what is painted agree with what is
// known. In sigma space the way up from b to a is x + sqrt(a^2 - b^2) z. The last
// part is gone through as often as the others: details agree there, or nowhere.
//
// At a level a pixel is painted or known, never half of each: noise of its own and
// that of the known, mixed, would be less than the level has. What a soft mask
// holds in part is known down to a level of its own (Levin & Fried,
// arXiv:2306.00950), and blended in once, at the end.
//
// Any sampler will do: a part of the run is begun with all levels from there on,
// and left after so many steps.

#include <math.h>
#include <string.h>

#include "job/entry.h"
#include "job/formula.h"
#include "job/picture.h"
#include "job/work.h"

// Streams that no sampler gets to.
enum { KNOWN_STREAM = 0x40000000, UP_STREAM };

static bool enter(SfmRun *run, double *sigma, GError **error)
{
    const SfmScriptModel model = sfm_run_model(run);
    const double strength = sfm_knobs_number(&run->request->knobs, "strength");

    *sigma = sfm_entry_sigma(&model, sfm_network_table(run->network), strength);
    return true;
}

static bool start(SfmRun *run, GError **error)
{
    return sfm_run_noise(run, SFM_NOISE_START, 0, run->x, error) &&
           sfm_formula_mix(run->engine->runner, run->x, run->levels.sigma[0], run->x, 1.0,
                           run->given[0], error);
}

// out = inside where level sigma is painted, else outside: half a mask is known
// down to sigma 1, where noise and picture are of one size.
static bool choose_by_mask(SfmRun *run, double sigma, SfmBuffer *out, SfmBuffer *inside,
                           SfmBuffer *outside, GError **error)
{
    SfmFormula f = { 0 };
    const uint8_t known = sfm_formula_tensor(&f, outside);
    const uint8_t change = sfm_formula_op(&f, SFM_EXPR_SUB, sfm_formula_tensor(&f, inside), known);
    const uint8_t is_painted =
        sfm_formula_op(&f, SFM_EXPR_LESS, sfm_formula_scalar(&f, sigma / (1.0 + sigma)),
                       sfm_formula_tensor(&f, run->given[1]));
    const uint8_t painted = sfm_formula_op(&f, SFM_EXPR_MUL, is_painted, change);

    sfm_formula_op(&f, SFM_EXPR_ADD, known, painted);
    return sfm_formula_run(&f, run->engine->runner, out, error);
}

// What is known is clean where it is known; the noise is the rest of x.
static bool denoised(SfmRun *run, SfmBuffer *x, double sigma, SfmBuffer *x0, SfmBuffer *eps,
                     GError **error)
{
    SfmRunner *runner = run->engine->runner;

    return sfm_formula_mix(runner, run->scratch, 1.0 / sigma, x, -1.0 / sigma, run->given[0],
                           error) &&
           choose_by_mask(run, sigma, eps, eps, run->scratch, error) &&
           choose_by_mask(run, sigma, x0, x0, run->given[0], error);
}

static bool stepped(SfmRun *run, uint32_t step, double sigma, SfmBuffer *x, GError **error)
{
    return sfm_run_noise(run, step, KNOWN_STREAM, run->scratch, error) &&
           sfm_formula_mix(run->engine->runner, run->scratch, sigma, run->scratch, 1.0,
                           run->given[0], error) &&
           choose_by_mask(run, sigma, x, x, run->scratch, error);
}

// From the level behind step `to` back to that before step `from`.
static bool go_up(SfmRun *run, size_t from, size_t to, GError **error)
{
    const double a = run->levels.sigma[from], b = run->levels.sigma[to];

    return sfm_run_noise(run, (uint32_t)from, UP_STREAM, run->scratch, error) &&
           sfm_formula_mix(run->engine->runner, run->x, 1.0, run->x, sqrt(a * a - b * b),
                           run->scratch, error);
}

static bool sample(SfmRun *run, GError **error)
{
    const SfmKnobs *knobs = &run->request->knobs;
    const size_t steps = run->levels.num - 1;
    const size_t jump = (size_t)sfm_knobs_number(knobs, "jump");
    const uint32_t rounds = (uint32_t)sfm_knobs_number(knobs, "rounds");

    for (size_t from = 0; from < steps; from += jump) {
        const size_t to = MIN(from + jump, steps);
        for (run->round = 0;; run->round++) {
            if (!sfm_run_sample_part(run, from, to, error))
                return false;
            if (run->round + 1 >= rounds)
                break;
            if (!go_up(run, from, to, error))
                return false;
        }
    }
    return true;
}

static int num_steps(const SfmRun *run)
{
    return ((int)run->levels.num - 1) * (int)sfm_knobs_number(&run->request->knobs, "rounds");
}

// What is painted is opaque, and lies over the known by so much of the mask: colours
// not multiplied by alpha are mixed by what each contributes.
static void paint_over(float m, const float *known, int colours, bool has_alpha, float *pixel)
{
    const float behind = (1.0F - m) * (has_alpha ? known[colours] : 1.0F);
    const float alpha = m + behind;

    for (int c = 0; c < colours; c++)
        pixel[c] = MIN((m * pixel[c] + behind * known[c]) / alpha, 1.0F);
    if (has_alpha)
        pixel[colours] = MIN(alpha, 1.0F);
}

// Where the mask is black, the picture itself, to the bit.
static void finish_row(const SfmRun *run, size_t first, SfmImage *image)
{
    const SfmPicture *given = &run->request->inputs[0], *mask = &run->request->inputs[1];
    const size_t channels = (size_t)image->channels;

    for (size_t i = first; i < first + (size_t)image->width; i++) {
        const float m = sfm_mask_at(mask, i), *known = given->pixels + i * channels;
        float *pixel = image->pixels + i * channels;
        if (m > 0.0F)
            paint_over(m, known, sfm_picture_colours(given), sfm_picture_has_alpha(given), pixel);
        else
            memcpy(pixel, known, channels * sizeof(float));
    }
}

static bool finish(const SfmRun *run, uint32_t index, SfmImage *image, GError **error)
{
    for (size_t y = 0; y < (size_t)image->height; y++) {
        if (!sfm_run_goes_on(run, error))
            return false;
        finish_row(run, y * (size_t)image->width, image);
    }
    return true;
}

const SfmWork sfm_work_inpaint = {
    .enter = enter,
    .start = start,
    .denoised = denoised,
    .stepped = stepped,
    .sample = sample,
    .num_steps = num_steps,
    .finish = finish,
    .needs_scratch = true,
};
