// SPDX-License-Identifier: GPL-3.0-or-later
// A training schedule, and the levels that a run takes from it.
#include "script/betas.h"

#include <math.h>
#include <string.h>

#include "script/field.h"
#include "script/params.h"
#include "script/spacing.h"

#define MAX_BETAS         100000
#define LEAST_ABAR        0x1p-40 // what no image left at all enters as
#define ROUNDING          0x1p-22 // relative, of a product in fp32
#define ROUNDING_OF_BETAS 1e-4    // relative, of a product of many: a beta may be 0.999

void sfm_betas_clear(SfmBetas *betas)
{
    g_free(betas->alphas_cumprod);
    *betas = (SfmBetas){ 0 };
}

double sfm_betas_sigma(double alpha_cumprod)
{
    const double abar = fmax(alpha_cumprod, LEAST_ABAR);
    return sqrt((1 - abar) / abar);
}

// abar_t = (1 - beta_1) ... (1 - beta_t), in double as published code has it.
void sfm_betas_take(lua_State *L, SfmBetas *betas)
{
    const size_t num = sfm_field_list(L, "betas", 1, MAX_BETAS);
    sfm_field_check_keys(L, lua_gettop(L), "what betas returned", NULL, (lua_Integer)num);
    betas->alphas_cumprod = g_new(double, num);
    betas->num = num;
    double product = 1;
    for (size_t i = 0; i < num; i++) {
        const double beta = sfm_field_list_number(L, "betas", i);
        if (!(beta > 0 && beta <= 1))
            luaL_error(L, "betas[%d] is %s, not above 0 and at most 1", (int)i + 1,
                       sfm_state_push_number(L, beta));
        product *= 1 - beta;
        betas->alphas_cumprod[i] = product;
    }
}

// The model's own level and timestep where they are the schedule's, but for
// what rounding its betas and their products to fp32 has changed: so the network
// is told exactly what it was trained with.
static void snap(const SfmScriptModel *model, const SfmBetas *betas, size_t t, double *sigma,
                 double *timestep)
{
    if (t >= model->num_train_timesteps)
        return;
    const double own = model->alphas_cumprod[t], abar = betas->alphas_cumprod[t];
    if (fabs(own - abar) > own * (ROUNDING + ROUNDING_OF_BETAS * (1 - own)))
        return;
    *sigma = sfm_betas_sigma(own);
    *timestep = (double)t;
}

// Levels above what the model has seen are dropped; the first of the rest, or 0
// if there is none, is where its highest takes over.
static void limit(const SfmScriptModel *model, SfmLevels *levels)
{
    size_t num_above = 0;
    while (levels->sigma[num_above] > model->sigma_max * SFM_LEVELS_SLACK)
        num_above++;
    if (num_above == 0)
        return;
    while (levels->sigma[num_above] > 0 && levels->sigma[num_above + 1] >= model->sigma_max)
        num_above++; // as close to its highest as SFM_LEVELS_SLACK lets two of them be
    if (levels->sigma[num_above] == 0) // keep the 0, behind a level of its own
        num_above--;
    levels->num -= num_above;
    memmove(levels->sigma, levels->sigma + num_above, levels->num * sizeof *levels->sigma);
    memmove(levels->timestep, levels->timestep + num_above, levels->num * sizeof *levels->timestep);
    levels->sigma[0] = model->sigma_max;
    levels->timestep[0] = NAN;
}

// Lin et al. 2023, algorithm 1: shifts and scales sqrt(abar) so that its last is 0
// and its first stays.
static void rescale_to_zero_snr(SfmBetas *betas)
{
    double *abar = betas->alphas_cumprod;
    const double first = sqrt(abar[0]), last = sqrt(abar[betas->num - 1]);
    if (!(first > last)) // one beta, or no image left from the first on
        return;
    for (size_t i = 0; i < betas->num; i++) {
        const double root = (sqrt(abar[i]) - last) * first / (first - last);
        abar[i] = fmax(root * root, LEAST_ABAR);
    }
}

// Which of the training steps a run visits.
static void visit(const SfmBetas *betas, const SfmScript *schedule, const SfmScriptModel *model,
                  size_t num_steps, size_t timesteps[])
{
    const char *spacing = sfm_param_value(schedule, SFM_PARAM_SPACING)->text;
    const int offset = (int)sfm_param_value(schedule, SFM_PARAM_STEPS_OFFSET)->number;
    if (strcmp(spacing, "model") == 0)
        spacing = model->spacing ? model->spacing : "leading";
    sfm_spacing(spacing, betas->num, offset < 0 ? model->steps_offset : offset, num_steps,
                timesteps);
}

// The last level is 0, behind `num` steps of training.
static bool check_growth(const SfmScript *schedule, const SfmLevels *levels,
                         const size_t timesteps[], GError **error)
{
    const size_t num = levels->num - 1;
    for (size_t i = 1; i <= num; i++) {
        if (!(levels->sigma[i] < levels->sigma[i - 1]))
            return sfm_fail(error, SFM_ERROR_BAD_SCRIPT,
                            "%s:%d: the noise does not grow from training step %zu to %zu of betas",
                            schedule->state.name, schedule->state.line, i < num ? timesteps[i] : 0,
                            timesteps[i - 1]);
    }
    return true;
}

bool sfm_betas_respace(SfmBetas *betas, const SfmScript *schedule, const SfmScriptModel *model,
                       size_t num_steps, SfmLevels *levels, GError **error)
{
    if (num_steps > betas->num)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "%zu steps are more than the %zu of schedule '%s'", num_steps, betas->num,
                        schedule->info->name);
    if (sfm_param_value(schedule, SFM_PARAM_ZERO_SNR)->number != 0)
        rescale_to_zero_snr(betas);
    g_autofree size_t *timesteps = g_new(size_t, num_steps);
    visit(betas, schedule, model, num_steps, timesteps);
    sfm_levels_init(levels, num_steps + 1);
    for (size_t i = 0; i < num_steps; i++) {
        levels->sigma[i] = sfm_betas_sigma(betas->alphas_cumprod[timesteps[i]]);
        snap(model, betas, timesteps[i], &levels->sigma[i], &levels->timestep[i]);
    }
    if (!check_growth(schedule, levels, timesteps, error))
        return false;
    limit(model, levels);
    return true;
}
