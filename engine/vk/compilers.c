// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/compilers.h"

enum { MAX_THREADS = 4 }; // a network has about twenty shaders

// What one pipeline is made of, and what became of it.
typedef struct {
    const char *shader;
    GBytes *key;
    SfmPipelineInfo info;
    SfmPipeline *made; // NULL: not yet, or `why`
    GError *why;
} Job;

struct SfmCompilers {
    SfmPipelines *pipelines; // borrowed
    GPtrArray *jobs;         // of Job; each belongs to one thread from its start to the join
    gint next;               // atomic: the first job that nobody has begun
    GThread *threads[MAX_THREADS];
};

static void free_job(gpointer data)
{
    Job *job = data;
    g_bytes_unref(job->key);
    sfm_pipeline_free(job->made);
    g_clear_error(&job->why);
    g_free(job);
}

SfmCompilers *sfm_compilers_new(SfmPipelines *pipelines)
{
    SfmCompilers *c = g_new0(SfmCompilers, 1);
    c->pipelines = pipelines;
    c->jobs = g_ptr_array_new_with_free_func(free_job);
    return c;
}

static bool is_wanted(const SfmCompilers *c, GBytes *key)
{
    for (guint i = 0; i < c->jobs->len; i++) {
        const Job *job = c->jobs->pdata[i];
        if (g_bytes_equal(job->key, key))
            return true;
    }
    return false;
}

bool sfm_compilers_want(SfmCompilers *c, const char *shader, uint32_t num_bindings, uint32_t texels,
                        GError **error)
{
    g_autoptr(GBytes) key = sfm_pipelines_key(shader, num_bindings, texels);
    SfmPipelineInfo info;

    if (sfm_pipelines_made(c->pipelines, key) || is_wanted(c, key))
        return true;
    if (!sfm_pipelines_describe(shader, num_bindings, texels, &info, error))
        return false;
    Job *job = g_new0(Job, 1);
    *job = (Job){ .shader = shader, .key = g_steal_pointer(&key), .info = info };
    g_ptr_array_add(c->jobs, job);
    return true;
}

static gpointer work(gpointer data)
{
    SfmCompilers *c = data;

    for (;;) {
        const guint i = (guint)g_atomic_int_add(&c->next, 1);
        if (i >= c->jobs->len)
            return NULL;
        Job *job = c->jobs->pdata[i];
        job->made = sfm_pipeline_new(c->pipelines->dev, &job->info, &job->why);
    }
}

// The owner's thread works too, in the end: where no thread can be had, it does all.
void sfm_compilers_start(SfmCompilers *c)
{
    const guint most = MIN(g_get_num_processors(), MAX_THREADS);

    for (guint i = 0; i < most && i < c->jobs->len; i++)
        c->threads[i] = g_thread_try_new("pipelines", work, c, NULL);
}

static void join(SfmCompilers *c)
{
    for (int i = 0; i < MAX_THREADS; i++) {
        if (c->threads[i])
            g_thread_join(g_steal_pointer(&c->threads[i]));
    }
}

static bool take(SfmCompilers *c, Job *job, GError **error)
{
    if (!job->made) {
        g_propagate_prefixed_error(error, g_steal_pointer(&job->why), "%s: ", job->shader);
        return false;
    }
    sfm_pipelines_add(c->pipelines, job->key, g_steal_pointer(&job->made));
    return true;
}

bool sfm_compilers_finish(SfmCompilers *c, GError **error)
{
    work(c);
    join(c);
    for (guint i = 0; i < c->jobs->len; i++) {
        if (!take(c, c->jobs->pdata[i], error))
            return false;
    }
    return true;
}

void sfm_compilers_free(SfmCompilers *c)
{
    if (!c)
        return;
    g_atomic_int_set(&c->next, (gint)c->jobs->len);
    join(c);
    g_ptr_array_unref(c->jobs);
    g_free(c);
}
