// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/batch.h"

#include <libgimp/gimp.h>

#include "common/text.h"

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

bool sfm_batch_run(const SfmForm *form, SfmPictures *pictures, GError **error)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    Batch batch = {
        .loop = loop,
        .echo = g_strcmp0(g_getenv("SFUMATO_PROGRESS"), "1") == 0,
        .begun = g_get_monotonic_time(),
    };
    gimp_progress_init("Diffusion");
    g_autoptr(SfmWorker) worker = sfm_worker_start(form, NULL, report, &batch);
    g_main_loop_run(loop);
    gimp_progress_end();
    const bool done = sfm_worker_finish(worker, pictures, error);
    if (done && batch.echo && batch.sampling != 0)
        g_printerr("sfumato: sampling took %.1f s\n",
                   seconds(batch.sampling, g_get_monotonic_time()));
    return done;
}
