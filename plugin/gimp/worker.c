// SPDX-License-Identifier: GPL-3.0-or-later
//
// The two threads meet in `mutex` and nowhere else: the engine's address is
// there for the one call that any thread may make, sfm_engine_cancel().
#include "gimp/worker.h"

enum { TICK = 100 }; // ms between two looks at the job

struct SfmWorker {
    GThread *thread; // NULL once joined
    guint looking;   // the looks at it
    SfmWorkerFunc func;
    void *user_data;

    GMutex mutex;      // guards those up to the empty line
    SfmEngine *engine; // borrowed from the thread while a job may be cancelled
    SfmProgress progress;
    SfmThumbnail thumbnail; // not yet taken
    bool wants_thumbnails, cancelled, ended;

    SfmForm form;              // read by the thread only
    const SfmOrigin *origin;   // borrowed; likewise
    SfmScriptLibrary *library; // borrowed; NULL: the engine's own
    SfmPictures pictures;      // the thread's until it is joined, as is `error`
    GError *error;
};

void sfm_pictures_clear(SfmPictures *pictures)
{
    for (int i = 0; i < pictures->num_images; i++)
        sfm_image_clear(&pictures->images[i]);
    g_free(pictures->images);
    *pictures = (SfmPictures){ 0 };
}

void sfm_outcome_clear(SfmOutcome *outcome)
{
    g_clear_pointer(&outcome->title, g_free);
    sfm_origin_clear(&outcome->origin);
    sfm_pictures_clear(&outcome->pictures);
}

static void note_progress(const SfmProgress *progress, void *user_data)
{
    SfmWorker *worker = user_data;
    g_mutex_lock(&worker->mutex);
    worker->progress = *progress;
    g_mutex_unlock(&worker->mutex);
}

// A thumbnail that nobody has taken makes room for the next.
static void note_preview(const SfmImage *estimate, void *user_data)
{
    SfmWorker *worker = user_data;
    g_auto(SfmThumbnail) thumbnail = { 0 };
    g_mutex_lock(&worker->mutex);
    const bool wanted = worker->wants_thumbnails;
    g_mutex_unlock(&worker->mutex);
    if (!wanted)
        return;
    sfm_thumbnail_make(estimate, &thumbnail);
    g_mutex_lock(&worker->mutex);
    sfm_thumbnail_clear(&worker->thumbnail);
    worker->thumbnail = thumbnail;
    thumbnail = (SfmThumbnail){ 0 };
    g_mutex_unlock(&worker->mutex);
}

// Lends the engine to sfm_worker_cancel(), or with NULL takes it back.
static void lend_engine(SfmWorker *worker, SfmEngine *engine)
{
    g_mutex_lock(&worker->mutex);
    worker->engine = engine;
    if (engine && worker->cancelled)
        sfm_engine_cancel(engine); // the wish came before the engine
    g_mutex_unlock(&worker->mutex);
}

static bool do_job(SfmWorker *worker)
{
    g_auto(GStrv) settings = sfm_form_settings(&worker->form, &worker->error);
    if (!settings)
        return false;
    SfmJobParams request = sfm_form_request(&worker->form, settings);
    sfm_origin_complete(worker->origin, &request);
    request.progress = note_progress;
    request.preview = note_preview;
    request.user_data = worker;
    const int num = sfm_job_num_pictures(&request);
    g_autofree SfmImage *images = g_new0(SfmImage, (size_t)num);
    const SfmEngineParams params = {
        .device = worker->form.device[0] ? worker->form.device : NULL,
        .library = worker->library,
    };
    g_autoptr(SfmEngine) engine = sfm_engine_new(&params, &worker->error);
    if (!engine)
        return false;
    lend_engine(worker, engine);
    const bool done = sfm_engine_run(engine, &request, images, &worker->error);
    lend_engine(worker, NULL);
    if (done)
        worker->pictures = (SfmPictures){ g_steal_pointer(&images), num };
    return done;
}

static void *work(void *data)
{
    SfmWorker *worker = data;
    do_job(worker);
    g_mutex_lock(&worker->mutex);
    worker->ended = true;
    g_mutex_unlock(&worker->mutex);
    return NULL;
}

static gboolean look(gpointer data)
{
    SfmWorker *worker = data;
    g_mutex_lock(&worker->mutex);
    const SfmProgress progress = worker->progress;
    const bool ended = worker->ended;
    g_mutex_unlock(&worker->mutex);
    if (ended)
        worker->looking = 0;
    worker->func(&progress, ended, worker->user_data); // may free the worker
    return ended ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

SfmWorker *sfm_worker_start(const SfmForm *form, const SfmOrigin *origin, SfmScriptLibrary *library,
                            SfmWorkerFunc func, void *user_data)
{
    SfmWorker *worker = g_new0(SfmWorker, 1);
    g_mutex_init(&worker->mutex);
    worker->origin = origin;
    worker->library = library;
    worker->func = func;
    worker->user_data = user_data;
    worker->progress.remaining = -1;
    sfm_form_init(&worker->form);
    sfm_form_copy(form, &worker->form);
    worker->looking = g_timeout_add(TICK, look, worker);
    worker->thread = g_thread_new("sfumato", work, worker);
    return worker;
}

void sfm_worker_cancel(SfmWorker *worker)
{
    g_mutex_lock(&worker->mutex);
    worker->cancelled = true;
    if (worker->engine)
        sfm_engine_cancel(worker->engine);
    g_mutex_unlock(&worker->mutex);
}

void sfm_worker_want_thumbnails(SfmWorker *worker)
{
    g_mutex_lock(&worker->mutex);
    worker->wants_thumbnails = true;
    g_mutex_unlock(&worker->mutex);
}

bool sfm_worker_take_thumbnail(SfmWorker *worker, SfmThumbnail *thumbnail)
{
    g_mutex_lock(&worker->mutex);
    *thumbnail = worker->thumbnail;
    worker->thumbnail = (SfmThumbnail){ 0 };
    g_mutex_unlock(&worker->mutex);
    return thumbnail->width > 0;
}

bool sfm_worker_finish(SfmWorker *worker, SfmPictures *pictures, GError **error)
{
    g_thread_join(g_steal_pointer(&worker->thread));
    if (worker->error) {
        g_propagate_error(error, g_steal_pointer(&worker->error));
        return false;
    }
    *pictures = worker->pictures;
    worker->pictures = (SfmPictures){ 0 };
    return true;
}

void sfm_worker_free(SfmWorker *worker)
{
    if (!worker)
        return;
    if (worker->thread) {
        sfm_worker_cancel(worker);
        g_thread_join(worker->thread);
    }
    g_clear_handle_id(&worker->looking, g_source_remove);
    sfm_thumbnail_clear(&worker->thumbnail);
    sfm_pictures_clear(&worker->pictures);
    sfm_form_clear(&worker->form);
    g_clear_error(&worker->error);
    g_mutex_clear(&worker->mutex);
    g_free(worker);
}
