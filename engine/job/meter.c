// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/meter.h"

#define REPORT_INTERVAL (G_USEC_PER_SEC / 10)

void sfm_meter_init(SfmMeter *m, SfmProgressFunc report, void *user_data, int num_steps,
                    int evals_a_step)
{
    *m = (SfmMeter){
        .report = report,
        .user_data = user_data,
        .now = { .stage = SFM_STAGE_LOAD, .num_steps = num_steps, .remaining = -1.0 },
        .evals_a_step = MAX(evals_a_step, 1),
    };
}

static void report(SfmMeter *m, gint64 time)
{
    m->reported = time;
    if (m->report)
        m->report(&m->now, m->user_data);
}

static void report_now_and_then(SfmMeter *m)
{
    const gint64 time = g_get_monotonic_time();

    if (time - m->reported >= REPORT_INTERVAL)
        report(m, time);
}

void sfm_meter_loading(SfmMeter *m)
{
    report_now_and_then(m);
}

void sfm_meter_start(SfmMeter *m, int images)
{
    const gint64 time = g_get_monotonic_time();

    m->now.stage = SFM_STAGE_SAMPLE;
    m->images = images;
    m->steps_before = m->now.step;
    report(m, time);
}

// `part` of the step at hand is done. Only sfm_meter_stepped() ends a step.
static void move_to(SfmMeter *m, double part)
{
    const double fraction =
        (m->now.step + m->images * CLAMP(part, 0.0, 0.99)) / MAX(m->now.num_steps, 1);
    const gint64 time = g_get_monotonic_time();

    // A sampler that evaluates more often than it declares does not go back.
    m->now.fraction = CLAMP(fraction, m->now.fraction, 1.0);
    if (m->now.fraction > 0.0 && m->timed_since == 0) {
        m->timed_since = time;
        m->timed_from = m->now.fraction;
    }
    const double seconds = (double)(time - m->timed_since) / G_USEC_PER_SEC;
    const double timed = m->now.fraction - m->timed_from;
    m->now.remaining = timed > 0.0 ? seconds / timed * (1.0 - m->now.fraction) : -1.0;
}

void sfm_meter_evaluating(SfmMeter *m, double done, double total)
{
    const double within = total > 0.0 ? done / total : 0.0;

    move_to(m, (m->evals_done + within) / m->evals_a_step);
    report_now_and_then(m);
}

void sfm_meter_evaluated(SfmMeter *m)
{
    m->evals_done++;
    sfm_meter_evaluating(m, 0.0, 1.0);
}

void sfm_meter_stepped(SfmMeter *m, int i)
{
    m->now.step = m->steps_before + m->images * (i + 1);
    m->evals_done = 0.0;
    move_to(m, 0.0);
    report(m, g_get_monotonic_time());
}
