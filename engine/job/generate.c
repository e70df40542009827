// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>

#include "job/defaults.h"
#include "job/formula.h"
#include "job/work.h"

// x at the first level, from unit noise (docs/math.md, "The start").
static bool start(SfmRun *run, GError **error)
{
    const double s = run->levels.sigma[0];
    const double scale = sfm_starts_with_sigma(run->model) ? s : sqrt(1.0 + s * s);

    return sfm_run_noise(run, SFM_NOISE_START, 0, run->x, error) &&
           sfm_formula_scale(run->engine->runner, run->x, scale, run->x, error);
}

const SfmWork sfm_work_generate = { .start = start };
