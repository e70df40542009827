// SPDX-License-Identifier: GPL-3.0-or-later
//
// SDEdit: noise hides the details of a picture, and the run from there makes
// others (Meng et al., arXiv:2108.01073, algorithm 1).

#include "job/entry.h"
#include "job/formula.h"
#include "job/work.h"

static bool enter(SfmRun *run, double *sigma, GError **error)
{
    const SfmScriptModel model = sfm_run_model(run);
    const double strength = sfm_knobs_number(&run->request->knobs, "strength");

    *sigma = sfm_entry_sigma(&model, sfm_network_table(run->network), strength);
    return true;
}

static bool start(SfmRun *run, GError **error)
{
    const double s = run->levels.sigma[0];

    return sfm_run_noise(run, SFM_NOISE_START, 0, run->x, error) &&
           sfm_formula_mix(run->engine->runner, run->x, s, run->x, 1.0, run->given[0], error);
}

const SfmWork sfm_work_vary = { .enter = enter, .start = start };
