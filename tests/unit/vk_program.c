// SPDX-License-Identifier: GPL-3.0-or-later
//
// Programs on Vulkan: a small network gives what the references give, run after
// run; it can be cancelled between submissions, and says how far it is.

#include <string.h>

#include "cpu/runner.h"
#include "ops/attention.h"
#include "ops/group_norm.h"
#include "support/vulkan.h"
#include "vk/spirv.h"
#include "vk/state.h"

#define CHANNELS 8
#define SIDE     4
#define COUNT    (2 * CHANNELS * SIDE * SIDE)

static SfmRunner *runner;
static const SfmShape shape = { { 2, CHANNELS, SIDE, SIDE } };

// A chain of normalisations with weights of their own each.
static SfmGraph *chain(int length)
{
    const SfmGroupNorm attrs = { .groups = 2, .eps = 1e-5f };
    const SfmShape per_channel = SFM_SHAPE(1, CHANNELS, 1, 1);
    SfmGraph *graph = sfm_graph_new();
    SfmValue x = sfm_graph_input(graph, "x", shape);

    for (int i = 0; i < length; i++) {
        g_autofree char *gamma = g_strdup_printf("gamma%d", i);
        g_autofree char *beta = g_strdup_printf("beta%d", i);
        const SfmValue in[] = { x, sfm_graph_weight(graph, gamma, per_channel),
                                sfm_graph_weight(graph, beta, per_channel) };
        x = sfm_graph_call(graph, sfm_op_find("group_norm"), &attrs, 3, in);
    }
    sfm_graph_output(graph, x);
    g_assert_true(sfm_graph_check(graph, NULL));
    return graph;
}

// Numbers that differ by weight and by element.
static bool give(void *user_data, const char *name, SfmShape s, float *out, GError **error)
{
    int *calls = user_data;
    (*calls)++;
    for (size_t i = 0; i < sfm_shape_count(s); i++)
        out[i] = (float)((g_str_hash(name) + i * 7) % 13) / 13.0f + 0.5f;
    return true;
}

static void ramp(float *x)
{
    for (int i = 0; i < COUNT; i++)
        x[i] = (float)((i * 37) % 101) / 10.0f - 5.0f;
}

static void run_on(SfmRunner *r, const SfmGraph *graph, int runs, float *y)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmPlan) plan = sfm_plan_new(graph, r->target, &error);
    g_assert_no_error(error);

    int calls = 0;
    SfmProgram *program = sfm_program_new(r, plan, give, &calls, &error);
    g_assert_no_error(error);
    SfmBuffer *in = sfm_buffer_new(r, shape, NULL), *out = sfm_buffer_new(r, shape, NULL);
    float x[COUNT];
    ramp(x);
    g_assert_true(sfm_buffer_write(r, in, x, NULL));
    for (int i = 0; i < runs; i++)
        g_assert_true(sfm_program_run(r, program, &out, &in, NULL, &error));
    g_assert_true(sfm_buffer_read(r, out, y, &error));
    g_assert_no_error(error);

    sfm_buffer_free(r, in);
    sfm_buffer_free(r, out);
    sfm_program_free(r, program);
}

static void equals_the_references(void)
{
    g_autoptr(SfmGraph) graph = chain(5);
    SfmRunner *cpu = sfm_cpu_runner_new();
    float want[COUNT], got[COUNT];

    run_on(cpu, graph, 1, want);
    run_on(runner, graph, 1, got);
    for (int i = 0; i < COUNT; i++)
        g_assert_cmpfloat_with_epsilon(got[i], want[i], 2e-5);
    sfm_runner_free(cpu);
}

static void gives_the_same_bytes_each_time(void)
{
    g_autoptr(SfmGraph) graph = chain(3);
    float once[COUNT], thrice[COUNT];

    run_on(runner, graph, 1, once);
    run_on(runner, graph, 3, thrice);
    g_assert_cmpmem(once, sizeof(once), thrice, sizeof(thrice));
}

// The runner's target, but so slow that a step is thought to take what is asked.
typedef struct {
    SfmTarget target;
    SfmGraph *graph;
    SfmPlan *plan;
    SfmProgram *program;
    SfmBuffer *in, *out;
    int calls; // of give()
} Slow;

static void slow_init(Slow *slow, int length, double milliseconds)
{
    slow->graph = chain(length);
    const SfmCost cost = sfm_call_cost(&sfm_graph_node(slow->graph, 0)->call);
    slow->target = *runner->target;
    slow->target.gbytes_per_second = cost.bytes / (milliseconds * 1e6);
    slow->plan = sfm_plan_new(slow->graph, &slow->target, NULL);
    g_assert_cmpfloat_with_epsilon(sfm_plan_step(slow->plan, length - 1)->estimate, milliseconds,
                                   1e-6 * milliseconds);
    slow->program = sfm_program_new(runner, slow->plan, give, &slow->calls, NULL);
    slow->in = sfm_buffer_new(runner, shape, NULL);
    slow->out = sfm_buffer_new(runner, shape, NULL);
    float x[COUNT];
    ramp(x);
    g_assert_true(sfm_buffer_write(runner, slow->in, x, NULL));
}

static void slow_clear(Slow *slow)
{
    sfm_buffer_free(runner, slow->in);
    sfm_buffer_free(runner, slow->out);
    sfm_program_free(runner, slow->program);
    sfm_plan_free(slow->plan);
    sfm_graph_free(slow->graph);
}

typedef struct {
    int compiling; // calls before anything is done
    int calls;
    double done, total;
    SfmCancel cancel;
    int cancel_at; // the call that raises the flag; 0: none
    bool at_once;  // raise it while the driver compiles
} Watch;

static void watch(void *user_data, double done, double total)
{
    Watch *w = user_data;
    if (done == 0.0) {
        g_assert_cmpint(w->calls, ==, 0);
        w->compiling++;
        if (w->at_once)
            sfm_cancel_raise(&w->cancel);
        return;
    }
    g_assert_cmpfloat(done, >, w->done);
    g_assert_cmpfloat(done, <=, total);
    w->done = done;
    w->total = total;
    if (++w->calls == w->cancel_at)
        sfm_cancel_raise(&w->cancel);
}

static void says_how_far_it_is(void)
{
    Slow slow = { 0 };
    Watch w = { 0 };
    const SfmRunOptions options = { .cancel = &w.cancel, .progress = watch, .user_data = &w };

    slow_init(&slow, 4, 90);
    g_assert_true(sfm_program_run(runner, slow.program, &slow.out, &slow.in, &options, NULL));
    g_assert_cmpint(w.calls, ==, (int)sfm_plan_num_steps(slow.plan));
    g_assert_cmpfloat(w.done, ==, w.total);
    slow_clear(&slow);
}

// Once for each shader that is launched, and no more once it has been.
static void says_that_a_driver_compiles_and_can_be_cancelled_then(void)
{
    Slow slow = { 0 };
    Watch w = { .at_once = true };
    const SfmRunOptions options = { .cancel = &w.cancel, .progress = watch, .user_data = &w };
    g_autoptr(GError) error = NULL;

    slow_init(&slow, 4, 20);
    g_assert_false(sfm_program_run(runner, slow.program, &slow.out, &slow.in, &options, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_CANCELLED);
    g_assert_cmpint(w.compiling, ==, 1);

    w = (Watch){ 0 };
    g_assert_true(sfm_program_run(runner, slow.program, &slow.out, &slow.in, &options, NULL));
    g_assert_cmpint(w.compiling, >=, (int)sfm_plan_num_steps(slow.plan));
    w = (Watch){ 0 };
    g_assert_true(sfm_program_run(runner, slow.program, &slow.out, &slow.in, &options, NULL));
    g_assert_cmpint(w.compiling, ==, 0);
    slow_clear(&slow);
}

// 33 ms each, and little less for a change of layout: three fit into 100 ms.
static void submits_as_much_as_takes_100_ms(void)
{
    Slow slow = { 0 };
    Watch w = { 0 };
    const SfmRunOptions options = { .progress = watch, .user_data = &w };

    slow_init(&slow, 5, 33);
    g_assert_true(sfm_program_run(runner, slow.program, &slow.out, &slow.in, &options, NULL));
    g_assert_cmpint(w.calls, ==, ((int)sfm_plan_num_steps(slow.plan) + 2) / 3);
    slow_clear(&slow);
}

static PFN_vkQueueSubmit real_submit;
static int num_submits;

static VkResult count_submit(VkQueue queue, uint32_t num, const VkSubmitInfo *infos, VkFence fence)
{
    num_submits++;
    return real_submit(queue, num, infos, fence);
}

// How often a program is submitted, behind single calls of so many ms.
static int submits_behind(Slow *slow, double milliseconds)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);

    g_assert_true(sfm_stream_flush(&vk->stream, NULL));
    num_submits = 0;
    vk->stream.estimate = milliseconds;
    g_assert_true(sfm_program_run(runner, slow->program, &slow->out, &slow->in, NULL, NULL));
    return num_submits;
}

// Its first chunk takes 90 ms.
static void single_calls_before_it_count_into_the_100_ms(void)
{
    struct VolkDeviceTable *fn = &sfm_vk_runner(runner)->dev->fn;
    Slow slow = { 0 };

    slow_init(&slow, 5, 30);
    submits_behind(&slow, 0); // compiles
    real_submit = fn->vkQueueSubmit;
    fn->vkQueueSubmit = count_submit;
    const int together = submits_behind(&slow, 0);
    g_assert_cmpint(submits_behind(&slow, 5), ==, together);
    g_assert_cmpint(submits_behind(&slow, 50), ==, together + 1);
    fn->vkQueueSubmit = real_submit;
    slow_clear(&slow);
}

static void stops_between_submissions_when_cancelled(void)
{
    Slow slow = { 0 };
    Watch w = { .cancel_at = 2 };
    const SfmRunOptions options = { .cancel = &w.cancel, .progress = watch, .user_data = &w };
    g_autoptr(GError) error = NULL;

    slow_init(&slow, 4, 90);
    g_assert_false(sfm_program_run(runner, slow.program, &slow.out, &slow.in, &options, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_CANCELLED);
    g_assert_cmpint(w.calls, ==, 2);

    // and runs again
    w = (Watch){ 0 };
    g_assert_true(sfm_program_run(runner, slow.program, &slow.out, &slow.in, &options, NULL));
    g_assert_cmpint(w.calls, ==, (int)sfm_plan_num_steps(slow.plan));
    slow_clear(&slow);
}

static void asks_for_each_weight_once_and_keeps_it(void)
{
    Slow slow = { 0 };

    slow_init(&slow, 3, 150);
    g_assert_cmpint(slow.calls, ==, 3 * 2);
    g_assert_cmpuint(sfm_runner_weight_bytes(runner, slow.plan), ==,
                     3 * 2 * runner->target->alignment); // which is more than CHANNELS floats
    slow_clear(&slow);
}

static void assert_timed(const Slow *slow, const SfmProgramTimes *times)
{
    g_assert_cmpuint(times->num_steps, ==, sfm_plan_num_steps(slow->plan));
    for (uint32_t i = 0; i < times->num_steps; i++)
        g_assert_cmpuint(times->first[i + 1], >, times->first[i]);
    for (uint32_t i = 0; i < times->first[times->num_steps]; i++) {
        const SfmLaunchTime *launch = &times->launches[i];
        g_assert_cmpfloat(launch->milliseconds, >, 0);
        g_assert_cmpfloat(launch->milliseconds, <, 20000); // as nanoseconds it would be more
        g_assert_cmpfloat(launch->cpu_milliseconds, >=, 0);
        g_assert_true(sfm_spirv_find(launch->shader));
    }
}

// A step is a chunk, or, where it is too long, one for each of its two workgroups:
// barriers stand where they begin, and nowhere else.
static void times_each_step(void)
{
    const double milliseconds[] = { 90, 150 };

    for (int parts = 1; parts <= 2; parts++) {
        Slow slow = { 0 };
        SfmProgramTimes times;

        slow_init(&slow, 3, milliseconds[parts - 1]);
        for (int i = 0; i < 2; i++) {
            g_assert_true(sfm_program_time(runner, slow.program, &times, NULL));
            assert_timed(&slow, &times);
        }
        g_assert_cmpuint(times.num_submissions, ==, (uint32_t)parts * times.num_steps);
        g_assert_cmpuint(times.num_barriers, ==, times.num_submissions);
        slow_clear(&slow);
    }
}

// In one chunk: each waits for the one before.
static void counts_barriers(void)
{
    Slow slow = { 0 };
    SfmProgramTimes times;

    slow_init(&slow, 3, 1);
    g_assert_true(sfm_program_time(runner, slow.program, &times, NULL));
    g_assert_cmpuint(times.num_submissions, ==, 1);
    g_assert_cmpuint(times.num_barriers, ==, times.num_steps);
    slow_clear(&slow);
}

// As on a device without a clock.
static void times_each_step_by_the_host(void)
{
    uint32_t *bits = &sfm_vk_runner(runner)->dev->physical.timestamp_bits;
    const uint32_t had = *bits;
    Slow slow = { 0 };
    SfmProgramTimes times;

    *bits = 0;
    slow_init(&slow, 3, 150);
    g_assert_true(sfm_program_time(runner, slow.program, &times, NULL));
    assert_timed(&slow, &times);
    slow_clear(&slow);
    *bits = had;
}

static bool refuse(void *user_data, const char *name, SfmShape s, float *out, GError **error)
{
    return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: unreadable", name);
}

static void passes_a_weight_failure_on(void)
{
    g_autoptr(SfmGraph) graph = chain(1);
    g_autoptr(SfmPlan) plan = sfm_plan_new(graph, runner->target, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_null(sfm_program_new(runner, plan, refuse, NULL, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_FILE);
    g_assert_cmpstr(error->message, ==, "gamma0: unreadable");
}

// Each has two workgroups.
static void a_step_that_is_too_long_can_be_cancelled_in_its_midst(void)
{
    Slow slow = { 0 };
    Watch w = { .cancel_at = 1 };
    const SfmRunOptions options = { .cancel = &w.cancel, .progress = watch, .user_data = &w };
    g_autoptr(GError) error = NULL;

    slow_init(&slow, 4, 150);
    g_assert_false(sfm_program_run(runner, slow.program, &slow.out, &slow.in, &options, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_CANCELLED);
    w = (Watch){ 0 };
    g_assert_true(sfm_program_run(runner, slow.program, &slow.out, &slow.in, &options, NULL));
    g_assert_cmpint(w.calls, ==, 2 * (int)sfm_plan_num_steps(slow.plan));
    slow_clear(&slow);
}

// Queries of several heads and images: workgroups along more sides than one.
static SfmGraph *attention(void)
{
    const SfmAttention attrs = { .heads = 2 };
    SfmGraph *graph = sfm_graph_new();
    const SfmValue x = sfm_graph_input(graph, "x", shape);
    const SfmValue in[] = { x, x, x };

    sfm_graph_output(graph, sfm_graph_call(graph, sfm_op_find("attention"), &attrs, 3, in));
    g_assert_true(sfm_graph_check(graph, NULL));
    return graph;
}

static void assert_same_in_parts(const SfmGraph *graph)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    float whole[COUNT], parts[COUNT];

    run_on(runner, graph, 1, whole);
    vk->max_chunk = 1e-9; // every step is too long
    run_on(runner, graph, 2, parts);
    vk->max_chunk = 0;
    g_assert_cmpmem(parts, sizeof(parts), whole, sizeof(whole));
}

static void a_step_that_is_too_long_comes_in_parts_to_the_same_bits(void)
{
    g_autoptr(SfmGraph) norms = chain(3), heads = attention();

    assert_same_in_parts(norms);
    assert_same_in_parts(heads);
}

static void parts_are_as_many_as_workgroups_on_the_longest_side(void)
{
    const SfmDispatch along_x = { .groups = { 7, 3, 2 } }, along_y = { .groups = { 2, 9, 3 } };
    const SfmDispatch along_z = { .groups = { 1, 1, 4 } };

    g_assert_cmpuint(sfm_dispatch_num_parts(&along_x), ==, 7);
    g_assert_cmpuint(sfm_dispatch_num_parts(&along_y), ==, 9);
    g_assert_cmpuint(sfm_dispatch_num_parts(&along_z), ==, 4);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    runner = vulkan_runner();

#define TEST(name) g_test_add_func("/vk/program/" #name, name)
    TEST(equals_the_references);
    TEST(gives_the_same_bytes_each_time);
    TEST(says_how_far_it_is);
    TEST(says_that_a_driver_compiles_and_can_be_cancelled_then);
    TEST(submits_as_much_as_takes_100_ms);
    TEST(single_calls_before_it_count_into_the_100_ms);
    TEST(stops_between_submissions_when_cancelled);
    TEST(a_step_that_is_too_long_can_be_cancelled_in_its_midst);
    TEST(a_step_that_is_too_long_comes_in_parts_to_the_same_bits);
    TEST(parts_are_as_many_as_workgroups_on_the_longest_side);
    TEST(asks_for_each_weight_once_and_keeps_it);
    TEST(times_each_step);
    TEST(counts_barriers);
    TEST(times_each_step_by_the_host);
    TEST(passes_a_weight_failure_on);
    const int result = g_test_run();
    sfm_runner_free(runner);
    return result;
}
