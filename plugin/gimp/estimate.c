// SPDX-License-Identifier: GPL-3.0-or-later
//
// A thread has a question of its own and hands it back, answered, to the main loop;
// nothing else is shared. There is one thread at a time.
#include "gimp/estimate.h"

#include <string.h>

enum { PAUSE = 400 }; // ms without a further question

typedef struct {
    SfmEstimate *estimate;     // borrowed
    SfmScriptLibrary *library; // likewise
    SfmForm form;
    SfmPicture inputs[SFM_JOB_MAX_INPUTS];
    uint64_t bytes;
    GError *error;
} Question;

struct SfmEstimate {
    SfmScriptLibrary *library;
    SfmEstimateFunc func;
    void *user_data;
    Question *next;  // to be asked; NULL: nothing
    guint timer;     // until it is; 0: none
    GThread *thread; // NULL: none is at it
    Question *asked; // the thread's until it has been joined
    bool stopped;    // no answer is waited for
};

static void question_free(Question *question)
{
    if (!question)
        return;
    sfm_form_clear(&question->form);
    g_clear_error(&question->error);
    g_free(question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)

static void find_out(Question *question)
{
    g_auto(GStrv) settings = sfm_form_settings(&question->form, &question->error);
    const SfmEngineParams params = {
        .device = question->form.device[0] ? question->form.device : NULL,
        .library = question->library,
    };
    g_autoptr(SfmEngine) engine = settings ? sfm_engine_new(&params, &question->error) : NULL;
    if (!engine)
        return;
    SfmJobParams request = sfm_form_request(&question->form, settings);
    memcpy(request.inputs, question->inputs, sizeof(request.inputs));
    if (request.inputs[0].width > 0)
        request.width = request.height = 0; // the pictures have the size
    sfm_engine_job_memory(engine, &request, &question->bytes, &question->error);
}

static void ask_next(SfmEstimate *estimate);

static gboolean answer(gpointer data)
{
    g_autoptr(Question) question = data;
    SfmEstimate *estimate = question->estimate;
    g_thread_join(g_steal_pointer(&estimate->thread));
    estimate->asked = NULL;
    if (!estimate->next && !estimate->stopped) // else it is out of date
        estimate->func(question->error ? 0 : question->bytes, question->error, estimate->user_data);
    if (estimate->next && estimate->timer == 0)
        ask_next(estimate);
    return G_SOURCE_REMOVE;
}

static void *work(void *data)
{
    find_out(data);
    g_idle_add(answer, data);
    return NULL;
}

static void ask_next(SfmEstimate *estimate)
{
    estimate->asked = g_steal_pointer(&estimate->next);
    estimate->thread = g_thread_new("estimate", work, estimate->asked);
}

static gboolean pause_over(gpointer data)
{
    SfmEstimate *estimate = data;
    estimate->timer = 0;
    if (!estimate->thread)
        ask_next(estimate);
    return G_SOURCE_REMOVE;
}

SfmEstimate *sfm_estimate_new(SfmScriptLibrary *library, SfmEstimateFunc func, void *user_data)
{
    SfmEstimate *estimate = g_new0(SfmEstimate, 1);
    estimate->library = library;
    estimate->func = func;
    estimate->user_data = user_data;
    return estimate;
}

void sfm_estimate_stop(SfmEstimate *estimate)
{
    g_clear_handle_id(&estimate->timer, g_source_remove);
    g_clear_pointer(&estimate->next, question_free);
    estimate->stopped = true;
}

void sfm_estimate_free(SfmEstimate *estimate)
{
    if (!estimate)
        return;
    sfm_estimate_stop(estimate);
    if (estimate->thread) {
        g_thread_join(estimate->thread);
        g_idle_remove_by_data(estimate->asked);
        question_free(estimate->asked);
    }
    g_free(estimate);
}

void sfm_estimate_ask(SfmEstimate *estimate, const SfmForm *form,
                      const SfmPicture inputs[SFM_JOB_MAX_INPUTS])
{
    Question *question = g_new0(Question, 1);
    question->estimate = estimate;
    question->library = estimate->library;
    sfm_form_init(&question->form);
    sfm_form_copy(form, &question->form);
    memcpy(question->inputs, inputs, sizeof(question->inputs));
    sfm_estimate_stop(estimate);
    estimate->stopped = false;
    estimate->next = question;
    estimate->timer = g_timeout_add(PAUSE, pause_over, estimate);
}
