// SPDX-License-Identifier: GPL-3.0-or-later
//
// What lies behind a map's last channel, where layouts fill up to four, stays zero
// whoever makes the map: an attention of one head, which multiplies all that lies in
// a pixel, follows each kernel here and must agree with the C reference. Between them
// stands a filter whose results are less at the edges, for softmax is blind to what
// all pixels have.

#include <math.h>
#include <string.h>

#include "cpu/runner.h"
#include "ops/activation.h"
#include "ops/add.h"
#include "ops/attention.h"
#include "ops/conv2d.h"
#include "ops/group_norm.h"
#include "ops/scale_shift.h"
#include "ops/slice.h"
#include "ops/space_to_depth.h"
#include "ops/wrap.h"
#include "support/vulkan.h"

#define MAX_VALUES 4096 // of any tensor here

static SfmRunner *runner;

typedef struct {
    const char *op;
    const void *attrs;
    uint32_t weights; // bit i: input i is one
    SfmShape in[SFM_MAX_INPUTS];
} Maker;

static float noise(uint32_t tensor, size_t i)
{
    return (float)sin(1.0 + 0.7 * (double)i + 2.3 * (double)tensor + 0.01 * (double)(i * i));
}

static void fill(uint32_t tensor, SfmShape shape, float *out)
{
    for (size_t i = 0; i < sfm_shape_count(shape); i++)
        out[i] = 0.5f + noise(tensor, i);
}

static bool give(void *user_data, const char *name, SfmShape shape, float *out, GError **error)
{
    fill((uint32_t)(name[0] - '0'), shape, out);
    return true;
}

static SfmGraph *graph_of(const Maker *m)
{
    static const char *const names[SFM_MAX_INPUTS] = { "0", "1", "2", "3" };
    static const SfmAttention one_head = { 1 };
    static const SfmWrap ends; // none goes round
    SfmGraph *graph = sfm_graph_new();
    SfmValue in[SFM_MAX_INPUTS];
    int count = 0;

    for (; count < SFM_MAX_INPUTS && m->in[count].dim[0] > 0; count++)
        in[count] = m->weights >> count & 1 ? sfm_graph_weight(graph, names[count], m->in[count])
                                            : sfm_graph_input(graph, names[count], m->in[count]);
    const SfmValue y = sfm_graph_call(graph, sfm_op_find(m->op), m->attrs, count, in);
    const SfmValue f = sfm_graph_call(graph, sfm_op_find("fir_up"), &ends, 1, &y);
    const SfmValue z = sfm_graph_call(graph, sfm_op_find("attention"), &one_head, 3,
                                      (const SfmValue[]){ f, f, f });
    sfm_graph_output(graph, z);
    g_assert_true(sfm_graph_check(graph, NULL));
    return graph;
}

// Runs the graph and leaves its output in `got`; returns how many values that has.
static size_t run(SfmRunner *on, const SfmGraph *graph, const Maker *m, float got[MAX_VALUES])
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmPlan) plan = sfm_plan_new(graph, on->target, &error);
    g_assert_no_error(error);
    SfmProgram *program = sfm_program_new(on, plan, give, NULL, &error);
    g_assert_no_error(error);

    const SfmShape shape = sfm_graph_shape(graph, sfm_graph_output_at(graph, 0));
    SfmBuffer *in[SFM_MAX_INPUTS], *out = sfm_buffer_new(on, shape, &error);
    int num_in = 0;
    for (uint32_t i = 0; i < SFM_MAX_INPUTS && m->in[i].dim[0] > 0; i++) {
        float data[MAX_VALUES];
        if (m->weights >> i & 1)
            continue;
        fill(i, m->in[i], data);
        in[num_in] = sfm_buffer_new(on, m->in[i], &error);
        g_assert_true(sfm_buffer_write(on, in[num_in++], data, &error));
    }
    g_assert_true(sfm_program_run(on, program, &out, in, NULL, &error));
    g_assert_true(sfm_buffer_read(on, out, got, &error));

    for (int i = 0; i < num_in; i++)
        sfm_buffer_free(on, in[i]);
    sfm_buffer_free(on, out);
    sfm_program_free(on, program);
    return sfm_shape_count(shape);
}

static void padding_stays_zero(gconstpointer data)
{
    const Maker *m = data;
    static float want[MAX_VALUES], got[MAX_VALUES];
    SfmRunner *reference = sfm_cpu_runner_new();
    g_autoptr(SfmGraph) graph = graph_of(m);
    const size_t count = run(reference, graph, m, want);
    const double tolerance = g_str_equal(runner->target->name, "gpu") ? 2e-2 : 2e-5;
    double greatest = 0;

    g_assert_cmpuint(run(runner, graph, m, got), ==, count);
    for (size_t i = 0; i < count; i++)
        greatest = fmax(greatest, fabs((double)want[i]));
    for (size_t i = 0; i < count; i++) {
        if (!(fabs((double)got[i] - want[i]) <= tolerance * greatest))
            g_error("%s, attended to: value %zu is %.9g, not %.9g", m->op, i, (double)got[i],
                    (double)want[i]);
    }
    sfm_runner_free(reference);
}

static const SfmGroupNorm norm = { .groups = 5, .eps = 1e-5f };
static const SfmConv2d same3x3 = { .kernel = 3, .stride = 1, 1, 1, 1, 1 };
static const SfmConv2d scaled = { .kernel = 1, .stride = 1, .scale = 0.5f };
static const SfmScaleShift linear = { SFM_ACTIVATION_NONE };
static const SfmActivation silu = { SFM_ACTIVATION_SILU };
static const SfmAttention five_heads = { 5 }, one_head = { 1 };
static const SfmAdd sum = { 1 };
static const SfmSlice middle = { 1, 5 };
static const SfmSpaceToDepth thirds = { 3 };

static const Maker makers[] = {
    { "copy", NULL, 0, { { { 2, 5, 3, 5 } } } },
    { "conv2d", &same3x3, 6, { { { 2, 3, 3, 5 } }, { { 5, 3, 3, 3 } }, { { 1, 5, 1, 1 } } } },
    // Of one channel: of great results the greatest alone would be attended to.
    { "conv2d",
      &scaled,
      6,
      { { { 2, 1, 3, 5 } }, { { 5, 1, 1, 1 } }, { { 1, 5, 1, 1 } }, { { 2, 5, 1, 1 } } } },
    { "conv2d",
      &scaled,
      6,
      { { { 2, 1, 3, 5 } }, { { 5, 1, 1, 1 } }, { { 1, 5, 1, 1 } }, { { 2, 5, 3, 5 } } } },
    { "group_norm", &norm, 6, { { { 2, 5, 3, 5 } }, { { 1, 5, 1, 1 } }, { { 1, 5, 1, 1 } } } },
    { "attention", &one_head, 0, { { { 2, 5, 3, 5 } }, { { 2, 5, 3, 5 } }, { { 2, 5, 3, 5 } } } },
    { "attention", &five_heads, 0, { { { 2, 5, 3, 5 } }, { { 2, 5, 3, 5 } }, { { 2, 5, 3, 5 } } } },
    { "activation", &silu, 0, { { { 2, 5, 3, 5 } } } },
    { "add", &sum, 0, { { { 2, 5, 3, 5 } }, { { 2, 5, 3, 5 } } } },
    { "add_channels", NULL, 0, { { { 2, 5, 3, 5 } }, { { 2, 5, 1, 1 } } } },
    { "scale_shift", &linear, 0, { { { 2, 5, 3, 5 } }, { { 2, 10, 1, 1 } } } },
    { "concat", NULL, 0, { { { 2, 2, 3, 5 } }, { { 2, 3, 3, 5 } } } },
    { "concat", NULL, 0, { { { 2, 4, 3, 5 } }, { { 2, 1, 3, 5 } } } },
    { "slice", &middle, 0, { { { 2, 9, 3, 5 } } } },
    { "upsample_nearest", NULL, 0, { { { 2, 5, 3, 5 } } } },
    { "avg_pool", NULL, 0, { { { 2, 5, 6, 4 } } } },
    { "space_to_depth", &thirds, 0, { { { 2, 1, 6, 9 } } } },
};

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    runner = vulkan_runner();

    for (size_t i = 0; i < G_N_ELEMENTS(makers); i++) {
        g_autofree char *path = g_strdup_printf("/ops/agree_padding/%zu_%s", i, makers[i].op);
        g_test_add_data_func(path, &makers[i], padding_stays_zero);
    }
    const int result = g_test_run();
    sfm_runner_free(runner);
    return result;
}
