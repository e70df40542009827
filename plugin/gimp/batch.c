// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/batch.h"

#include <libgimp/gimp.h>

#include "common/text.h"
#include "common/translation.h"

typedef struct {
    GMainLoop *loop;
    bool echo;              // to stderr
    gint64 begun, sampling; // when the job and its first step began, in us; 0: not yet
    gint64 said;            // when the last line was
} Batch;

static double seconds(gint64 from, gint64 to)
{
    return (double)(to - from) / G_USEC_PER_SEC;
}

// A line at most once a second, and once the first step is under way, before which
// drivers compile shaders.
static void echo(Batch *batch, const SfmProgress *progress, const char *text)
{
    const gint64 now = g_get_monotonic_time();
    const bool first_step =
        progress->stage == SFM_STAGE_SAMPLE && progress->fraction > 0 && batch->sampling == 0;
    if (first_step) {
        batch->sampling = now;
        g_printerr("sfumato: model and shaders took %.1f s\n", seconds(batch->begun, now));
    }
    if (!first_step && batch->said != 0 && now - batch->said < G_USEC_PER_SEC)
        return;
    batch->said = now;
    g_printerr("sfumato: %s\n", text);
}

static void report(const SfmProgress *progress, bool ended, void *data)
{
    Batch *batch = data;
    if (ended) {
        g_main_loop_quit(batch->loop);
        return;
    }
    g_autofree char *text = sfm_progress_text(progress);
    gimp_progress_set_text(text);
    gimp_progress_update(progress->fraction);
    if (batch->echo)
        echo(batch, progress, text);
}

static SfmModelInfo *model_for(SfmJob job, GError **error)
{
    g_autoptr(GPtrArray) models = sfm_list_models(NULL, error);
    if (!models)
        return NULL;
    const int index = sfm_model_for(models, job);
    if (index >= 0)
        return g_ptr_array_steal_index(models, (guint)index);
    g_set_error(error, SFM_ERROR, SFM_ERROR_NOT_FOUND, _("there is no model that makes pictures"));
    return NULL;
}

static bool take_model(SfmForm *form, char **title, GError **error)
{
    g_autoptr(SfmModelInfo) model =
        form->model[0] ? sfm_find_model(NULL, form->model, error) : model_for(form->job, error);
    if (!model || !sfm_model_check(model, error))
        return false;
    SfmArgument argument;
    if (!form->model[0] && sfm_find_argument(form->job, "model", &argument))
        sfm_form_set_text(form, &argument, model->name);
    *title = g_strdup(model->title);
    return true;
}

static bool run_worker(const SfmForm *form, SfmOutcome *outcome, GError **error)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    Batch batch = {
        .loop = loop,
        .echo = g_strcmp0(g_getenv("SFUMATO_PROGRESS"), "1") == 0,
        .begun = g_get_monotonic_time(),
    };
    gimp_progress_init(_("Diffusion"));
    g_autoptr(SfmWorker) worker = sfm_worker_start(form, &outcome->origin, NULL, report, &batch);
    g_main_loop_run(loop);
    gimp_progress_end();
    const bool done = sfm_worker_finish(worker, &outcome->pictures, error);
    if (done && batch.echo && batch.sampling != 0)
        g_printerr("sfumato: sampling took %.1f s\n",
                   seconds(batch.sampling, g_get_monotonic_time()));
    return done;
}

bool sfm_batch_run(const SfmSubject *subject, SfmForm *form, SfmOutcome *outcome, GError **error)
{
    return sfm_form_check(form, error) && take_model(form, &outcome->title, error) &&
           sfm_origin_read(subject, form->job, &outcome->origin, error) &&
           run_worker(form, outcome, error);
}
