// SPDX-License-Identifier: GPL-3.0-or-later
//
// A dry run: whether a script works, not yet whether what it does is right.

#include <math.h>
#include <string.h>

#include "job/script_report.h"

enum { SIDE = 4, SEED = 1 }; // of images in a dry run

// ---- what can be said without running it ------------------------------------

static void check_texts(SfmExamination *e)
{
    const SfmScriptInfo *info = e->report->info;
    g_autofree char *file = g_path_get_basename(e->report->path);
    g_autofree char *named = g_strconcat(info->name, ".lua", NULL);
    if (strcmp(file, named) != 0) {
        g_autofree char *sentence = g_strdup_printf(
            "%s: the name in it, by which it is asked for, is \"%s\"", e->report->path, info->name);
        sfm_examination_remark(e, sentence, NULL);
    }
    for (size_t i = 0; i < info->num_params; i++) {
        const SfmParam *param = &info->params[i];
        g_autofree char *sentence =
            g_strdup_printf("knob '%s' has no %s", param->name, param->label ? "help" : "label");
        if (!param->label || !param->help)
            sfm_examination_remark(e, sentence, NULL);
    }
}

// ---- schedules --------------------------------------------------------------

static char *circumstances(const SfmAnalyticKind *kind, const char *variant, int num_steps)
{
    return g_strdup_printf("%s%s%d %s, %s", variant, *variant ? ", " : "", num_steps,
                           num_steps == 1 ? "step" : "steps", kind->title);
}

// A training schedule has so many steps and no more, which is no fault.
static bool ask(SfmExamination *e, const SfmScriptModel *model, int num_steps, SfmLevels *levels,
                GError **error)
{
    g_autoptr(GError) why = NULL;
    e->report->num_runs++;
    if (sfm_script_levels(e->script, model, num_steps, levels, &why) ||
        g_error_matches(why, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT))
        return true;
    g_propagate_error(error, g_steal_pointer(&why));
    return false;
}

static bool same_levels(const SfmLevels *a, const SfmLevels *b)
{
    return a->num == b->num &&
           (a->num == 0 || memcmp(a->sigma, b->sigma, a->num * sizeof *a->sigma) == 0);
}

static void check_again(SfmExamination *e, const SfmScriptModel *model, int num_steps,
                        const SfmLevels *levels, const char *when)
{
    g_auto(SfmLevels) again = { 0 };
    if (!ask(e, model, num_steps, &again, NULL) || !same_levels(levels, &again))
        sfm_examination_problem(e, "asked again, it gives other levels", when);
}

// What is no fault where the script is at home is none elsewhere either.
static void check_levels(SfmExamination *e, const SfmAnalyticKind *kind, const char *variant)
{
    static const int nums[] = { 1, 2, 3, 10, 50 };
    g_autoptr(SfmAnalytic) analytic = sfm_analytic_new(kind, 1, SIDE);
    sfm_script_set_variant(e->script, variant);
    for (size_t i = 0; i < G_N_ELEMENTS(nums); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(SfmLevels) levels = { 0 };
        g_autofree char *when = circumstances(kind, variant, nums[i]);
        if (ask(e, sfm_analytic_model(analytic), nums[i], &levels, &error)) {
            check_again(e, sfm_analytic_model(analytic), nums[i], &levels, when);
            continue;
        }
        if (kind == e->kind)
            sfm_examination_problem(e, error->message, when);
        else
            sfm_examination_remark(e, error->message, when);
    }
}

static bool gives_levels(SfmExamination *e, const SfmAnalyticKind *kind, GError **error)
{
    g_autoptr(SfmAnalytic) analytic = sfm_analytic_new(kind, 1, SIDE);
    g_auto(SfmLevels) levels = { 0 };
    return ask(e, sfm_analytic_model(analytic), 10, &levels, error);
}

static void check_schedule(SfmExamination *e)
{
    g_auto(GStrv) variants = sfm_script_variants(e->script);
    for (size_t i = 0; i < sfm_num_analytic_kinds; i++) {
        for (char **variant = variants; *variant; variant++)
            check_levels(e, &sfm_analytic_kinds[i], *variant);
    }
}

// ---- samplers ---------------------------------------------------------------

void sfm_examination_levels(SfmLevels *levels, size_t num_steps, double from, double least,
                            double to)
{
    const double rho = 7, end = to > 0 ? to : least;
    const size_t num_even = to > 0 ? num_steps : num_steps - 1; // steps down to `end`
    *levels = (SfmLevels){ .num = num_steps + 1,
                           .sigma = g_new0(double, num_steps + 1),
                           .timestep = g_new(double, num_steps + 1) };
    for (size_t i = 0; i <= num_steps; i++)
        levels->timestep[i] = NAN;
    for (size_t i = 0; i <= num_even; i++) {
        const double u = num_even > 0 ? (double)i / (double)num_even : 0;
        levels->sigma[i] = pow((1 - u) * pow(from, 1 / rho) + u * pow(end, 1 / rho), rho);
    }
}

// Without the ends of steps all of the run's noise is that of the first.
static void check_ends(SfmExamination *e, const SfmAnalyticCost *cost)
{
    if (cost->num_ended == 0)
        sfm_examination_remark(e,
                               "it never calls ctx:step(), which moves the progress bar and "
                               "makes ctx:noise() another",
                               NULL);
}

// One short run, to 0 and to above 0.
static bool run_dry(SfmExamination *e, const SfmAnalyticKind *kind, int num_steps,
                    uint32_t num_images, GError **error)
{
    g_autoptr(SfmAnalytic) analytic = sfm_analytic_new(kind, num_images, SIDE);
    const SfmScriptModel *model = sfm_analytic_model(analytic);
    g_autofree float *x = g_new(float, sfm_analytic_count(analytic));
    bool done = true;
    for (int i = 0; done && i < 2; i++) {
        g_auto(SfmLevels) levels = { 0 };
        sfm_examination_levels(&levels, (size_t)num_steps, model->sigma_max, model->sigma_min,
                               i == 0 ? 0 : model->sigma_min);
        sfm_analytic_start(analytic, SEED, 0, levels.sigma[0], x);
        e->report->num_runs++;
        SfmAnalyticCost cost;
        done = sfm_analytic_sample(analytic, e->script, &levels, SEED, 0, x, &cost, error);
        if (done)
            check_ends(e, &cost);
    }
    return done;
}

static void check_runs(SfmExamination *e, const char *variant)
{
    static const int nums[] = { 1, 2, 10 };
    const uint32_t most = e->report->info->adaptive ? 1 : 2;
    sfm_script_set_variant(e->script, variant);
    for (size_t i = 0; i < G_N_ELEMENTS(nums); i++) {
        for (uint32_t num_images = 1; num_images <= most; num_images++) {
            g_autoptr(GError) error = NULL;
            g_autofree char *when = circumstances(e->kind, variant, nums[i]);
            g_autofree char *of = g_strdup_printf("%s, %u images", when, num_images);
            if (!run_dry(e, e->kind, nums[i], num_images, &error))
                sfm_examination_problem(e, error->message, num_images > 1 ? of : when);
        }
    }
}

static bool samples(SfmExamination *e, const SfmAnalyticKind *kind, GError **error)
{
    return run_dry(e, kind, 2, 1, error);
}

static void check_sampler(SfmExamination *e)
{
    g_auto(GStrv) variants = sfm_script_variants(e->script);
    for (char **variant = variants; *variant; variant++)
        check_runs(e, *variant);
}

// ---- both -------------------------------------------------------------------

// A script may be for some kinds of model only, and say so by an error. Where it
// is for none, the first error is the one to read.
static void find_kind(SfmExamination *e)
{
    g_autoptr(GError) first = NULL;
    const char *where = NULL;
    const bool is_schedule = e->report->info->kind == SFM_SCRIPT_SCHEDULE;
    for (size_t i = 0; i < sfm_num_analytic_kinds; i++) {
        const SfmAnalyticKind *kind = &sfm_analytic_kinds[i];
        g_autoptr(GError) error = NULL;
        const bool works = is_schedule ? gives_levels(e, kind, &error) : samples(e, kind, &error);
        if (works && !e->kind)
            e->kind = kind;
        if (works || first)
            continue;
        first = g_error_copy(error);
        where = kind->title;
    }
    if (!e->kind)
        sfm_examination_problem(e, first->message, NULL);
    else if (first)
        sfm_examination_remark(e, first->message, where);
}

void sfm_examination_check(SfmExamination *e)
{
    if (!e->script)
        return;
    check_texts(e);
    find_kind(e);
    if (!e->kind)
        return;
    if (e->report->info->kind == SFM_SCRIPT_SCHEDULE)
        check_schedule(e);
    else
        check_sampler(e);
}

SfmScriptReport *sfm_script_check(const char *path)
{
    g_auto(SfmExamination) e;
    sfm_examination_init(&e, path);
    sfm_examination_check(&e);
    return g_steal_pointer(&e.report);
}
