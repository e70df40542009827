// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/times.h"

#include "base/cpu_time.h"

void sfm_times_clear(SfmTimes *t)
{
    sfm_recording_clear(&t->stamped);
    sfm_stamps_clear(&t->stamps);
    g_free(t->launches);
    g_free(t->first);
    *t = (SfmTimes){ 0 };
}

// ---- what is launched -------------------------------------------------------

static void name_launches(SfmTimes *t, const SfmRecording *r, uint32_t step)
{
    const SfmPlanStep *s = sfm_plan_step(r->plan, step);
    SfmVkDispatch dispatches[SFM_MAX_DISPATCHES];
    const int num = sfm_vk_kernel(s->kernel)->dispatches(&s->call, dispatches);

    for (int i = 0; i < num; i++)
        t->launches[t->first[step] + (uint32_t)i].shader = g_intern_string(dispatches[i].shader);
}

static void list_launches(SfmTimes *t, const SfmRecording *r)
{
    const uint32_t num_steps = sfm_plan_num_steps(r->plan);

    t->num_launches = sfm_steps_first(r->steps, num_steps);
    t->launches = g_new0(SfmLaunchTime, t->num_launches + 1);
    t->first = g_new0(uint32_t, num_steps + 1);
    for (uint32_t s = 0; s <= num_steps; s++)
        t->first[s] = sfm_steps_first(r->steps, s);
    for (uint32_t s = 0; s < num_steps; s++)
        name_launches(t, r, s);
}

// At most one look a launch, and two for each command buffer: where it begins, and
// where the part of a launch ends.
static bool make_stamped(SfmTimes *t, const SfmRecording *r, double max_chunk, GError **error)
{
    const uint32_t most = t->num_launches + 2 * r->chunks->len;

    t->stamped =
        (SfmRecording){ .dev = r->dev, .plan = r->plan, .steps = r->steps, .stamps = &t->stamps };
    return sfm_stamps_init(&t->stamps, r->dev, most, error) &&
           sfm_recording_make(&t->stamped, max_chunk, error);
}

// ---- times ------------------------------------------------------------------

// As they run in an evaluation, one behind the other.
static bool time_together(SfmTimes *t, SfmVkRunner *vk, GError **error)
{
    g_autofree double *milliseconds = g_new0(double, t->num_launches + 1);

    for (guint i = 0; i < t->stamped.chunks->len; i++) {
        const SfmChunk *chunk = &g_array_index(t->stamped.chunks, SfmChunk, i);
        if (!sfm_stream_run(&vk->stream, chunk->cmd, chunk->estimate, error))
            return false;
    }
    if (!sfm_stamps_read(&t->stamps, milliseconds, t->num_launches, error))
        return false;
    for (uint32_t i = 0; i < t->num_launches; i++)
        t->launches[i].milliseconds = milliseconds[i];
    return true;
}

// Milliseconds by both clocks.
typedef struct {
    double wall, cpu;
} Cost;

// A launch by itself, or none: what a submission takes alone.
static bool time_alone(SfmVkRunner *vk, const SfmDispatch *dispatch, Cost *cost, GError **error)
{
    if (!sfm_stream_flush(&vk->stream, error))
        return false;
    const VkCommandBuffer cmd = sfm_stream_open(&vk->stream, error);
    if (!cmd)
        return false;
    if (dispatch)
        sfm_dispatch_record(vk->dev, cmd, dispatch);

    const gint64 start = g_get_monotonic_time();
    const double cpu_start = sfm_cpu_milliseconds();
    if (!sfm_stream_flush(&vk->stream, error))
        return false;
    cost->cpu = sfm_cpu_milliseconds() - cpu_start;
    cost->wall = (double)(g_get_monotonic_time() - start) / 1000.0;
    return true;
}

static bool time_each(SfmTimes *t, SfmVkRunner *vk, GError **error)
{
    Cost empty;

    if (!time_alone(vk, NULL, &empty, error))
        return false;
    for (uint32_t i = 0; i < t->num_launches; i++) {
        Cost cost;
        if (!time_alone(vk, sfm_steps_dispatch(t->stamped.steps, i), &cost, error))
            return false;
        t->launches[i].cpu_milliseconds = MAX(cost.cpu - empty.cpu, 0.0);
        if (!sfm_stamps_tick(&t->stamps))
            t->launches[i].milliseconds = cost.wall;
    }
    return true;
}

bool sfm_times_take(SfmTimes *t, SfmVkRunner *vk, const SfmRecording *recording, double max_chunk,
                    GError **error)
{
    if (!t->launches) {
        list_launches(t, recording);
        if (!make_stamped(t, recording, max_chunk, error)) {
            sfm_times_clear(t);
            return false;
        }
    }
    return (!sfm_stamps_tick(&t->stamps) || time_together(t, vk, error)) && time_each(t, vk, error);
}

void sfm_times_show(const SfmTimes *t, const SfmRecording *recording, SfmProgramTimes *shown)
{
    *shown = (SfmProgramTimes){
        .num_steps = t->launches ? sfm_plan_num_steps(recording->plan) : 0,
        .first = t->first,
        .launches = t->launches,
        .num_barriers = recording->num_barriers,
        .num_submissions = recording->chunks->len,
    };
}
