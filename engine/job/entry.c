// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/entry.h"

#include <math.h>

enum { MOST_LEVELS = 1000 }; // asked of schedules of models without timesteps

double sfm_entry_sigma(const SfmScriptModel *model, const SfmNoiseTable *table, double part)
{
    if (table)
        return sfm_noise_table_sigma(table, part * (double)(table->num - 1));
    return model->sigma_min * pow(model->sigma_max / model->sigma_min, part);
}

// How many of the levels lie below one.
static size_t count_below(const SfmLevels *levels, double sigma)
{
    size_t num = 0;

    while (num < levels->num && levels->sigma[levels->num - 1 - num] < sigma * (1.0 - 1e-6))
        num++;
    return num;
}

// The levels of the shortest of runs of `low` to `high` steps that has `wanted`
// below sigma; that of `high` steps where none has. Longer runs have more.
static bool find_run(SfmScript *schedule, const SfmScriptModel *model, double sigma, int wanted,
                     int high, SfmLevels *levels, GError **error)
{
    int low = wanted;

    while (low < high) {
        const int middle = low + (high - low) / 2;
        g_auto(SfmLevels) tried = { 0 };
        if (!sfm_script_levels(schedule, model, middle, &tried, error))
            return false;
        if (count_below(&tried, sigma) >= (size_t)wanted)
            high = middle;
        else
            low = middle + 1;
    }
    return sfm_script_levels(schedule, model, high, levels, error);
}

// sigma, and below it `num` of the levels, evenly chosen, the last among them.
static void take(const SfmLevels *all, double sigma, size_t num, SfmLevels *levels)
{
    const size_t below = count_below(all, sigma), first = all->num - below;

    *levels = (SfmLevels){ num + 1, g_new(double, num + 1), g_new(double, num + 1) };
    levels->sigma[0] = sigma;
    levels->timestep[0] = NAN;
    for (size_t i = 1; i <= num; i++) {
        const size_t at = first + i * below / num - 1;
        levels->sigma[i] = all->sigma[at];
        levels->timestep[i] = all->timestep[at];
    }
}

bool sfm_entry_levels(SfmScript *schedule, const SfmScriptModel *model, double sigma, int num_steps,
                      SfmLevels *levels, GError **error)
{
    const int most = model->num_train_timesteps > 0 ? (int)model->num_train_timesteps : MOST_LEVELS;
    g_auto(SfmLevels) all = { 0 };

    if (!find_run(schedule, model, sigma, num_steps, MAX(most, num_steps), &all, error))
        return false;
    const size_t below = count_below(&all, sigma);
    if (below == 0)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "schedule: %s has no level below sigma %g, where the job enters; choose "
                        "another, or more strength",
                        sfm_script_info(schedule)->name, sigma);
    if (below < (size_t)num_steps)
        g_message("steps: %zu instead of %d; schedule %s has no more levels below sigma %g", below,
                  num_steps, sfm_script_info(schedule)->name, sigma);
    take(&all, sigma, MIN(below, (size_t)num_steps), levels);
    return true;
}
