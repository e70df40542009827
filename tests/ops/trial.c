// SPDX-License-Identifier: GPL-3.0-or-later
#include "trial.h"

#include <math.h>
#include <string.h>

#include "ops/conv2d.h"

// The inputs that networks have as weights, and plans pack: bit i is input i.
static uint32_t weights_of(const SfmOp *op)
{
    static const struct {
        const char *op;
        uint32_t inputs;
    } table[] = {
        { "conv2d", 1 << 1 | 1 << 2 },     { "linear", 1 << 1 | 1 << 2 },
        { "group_norm", 1 << 1 | 1 << 2 }, { "embedding", 1 << 1 },
        { "time_fourier", 1 << 1 },        { "norm_conv2d", 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        if (g_str_equal(table[i].op, op->name))
            return table[i].inputs;
    }
    return 0;
}

// Three uniform numbers make one that is nearly normal; a linear congruential
// generator (Knuth's MMIX constants) makes millions of them in no time.
static void fill(GRand *rand, float *data, size_t count)
{
    uint64_t state = (uint64_t)g_rand_int(rand) << 32 | g_rand_int(rand);
    for (size_t i = 0; i < count; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        const double sum = (double)(state >> 43) + (double)(state >> 22 & 0x1fffff) +
                           (double)(state >> 8 & 0x1fffff);
        data[i] = (float)(sum / 0x1p20 - 3.0);
    }
}

bool trial_init(Trial *t, GRand *rand, const SfmCall *call)
{
    *t = (Trial){ .call = *call };
    t->call.attrs = g_memdup2(call->attrs, call->op->attrs_size);
    if (!call->op->infer(&t->call, NULL))
        return false;

    for (int i = 0; i < t->call.num_inputs; i++) {
        const size_t count = sfm_shape_count(t->call.in[i]);
        t->in[i] = g_new(float, count);
        if (call->op->fill)
            call->op->fill(rand, &t->call, i, t->in[i]);
        else
            fill(rand, t->in[i], count);
    }
    for (int i = 0; i < call->op->num_outputs; i++)
        t->got[i] = g_new0(float, sfm_shape_count(t->call.out[i]));
    return true;
}

// One image of `count` that lie behind each other.
static float *image_of(const float *data, SfmShape *shape, uint32_t image)
{
    shape->dim[0] = 1;
    const size_t count = sfm_shape_count(*shape);
    return g_memdup2(data + image * count, count * sizeof(float));
}

bool trial_alone(const Trial *t, uint32_t image, Trial *alone)
{
    const SfmOp *op = t->call.op;
    const uint32_t weights = weights_of(op), batch = t->call.out[0].dim[0];
    if (batch < 2 || t->call.num_inputs == 0 || t->call.in[0].dim[0] != batch)
        return false;

    *alone = (Trial){ .call = t->call };
    alone->call.attrs = g_memdup2(t->call.attrs, op->attrs_size);
    for (int i = 0; i < t->call.num_inputs; i++)
        alone->in[i] = weights >> i & 1
                           ? g_memdup2(t->in[i], sfm_shape_count(t->call.in[i]) * sizeof(float))
                           : image_of(t->in[i], &alone->call.in[i], image);
    for (int i = 0; i < op->num_outputs; i++)
        alone->want[i] = image_of(t->got[i], &alone->call.out[i], image);
    for (int i = 0; i < op->num_outputs; i++)
        alone->got[i] = g_new0(float, sfm_shape_count(alone->call.out[i]));
    g_assert_true(op->infer(&alone->call, NULL));
    return true;
}

void trial_clear(Trial *t)
{
    for (int i = 0; i < SFM_MAX_INPUTS; i++)
        g_free(t->in[i]);
    for (int i = 0; i < SFM_MAX_OUTPUTS; i++) {
        g_free(t->want[i]);
        g_free(t->got[i]);
    }
    g_free((gpointer)t->call.attrs);
    *t = (Trial){ 0 };
}

void trial_reference(Trial *t)
{
    for (int i = 0; i < t->call.op->num_outputs; i++)
        t->want[i] = g_new0(float, sfm_shape_count(t->call.out[i]));
    t->call.op->reference(&t->call, t->want, (const float *const *)t->in);
}

// Buffers for inputs and outputs; those of inputs in `skip` stay NULL.
typedef struct {
    SfmRunner *runner;
    SfmBuffer *in[SFM_MAX_INPUTS], *out[SFM_MAX_OUTPUTS];
    int num_in, num_out;
} Buffers;

static SfmBuffer *buffer_of(SfmRunner *runner, SfmShape shape, const float *data)
{
    g_autoptr(GError) error = NULL;
    SfmBuffer *buffer = sfm_buffer_new(runner, shape, &error);
    g_assert_no_error(error);
    if (data)
        sfm_buffer_write(runner, buffer, data, &error);
    g_assert_no_error(error);
    return buffer;
}

static Buffers buffers_new(const Trial *t, SfmRunner *runner, uint32_t skip)
{
    Buffers b = { .runner = runner };
    for (int i = 0; i < t->call.num_inputs; i++) {
        if (!(skip >> i & 1))
            b.in[b.num_in++] = buffer_of(runner, t->call.in[i], t->in[i]);
    }
    for (int i = 0; i < t->call.op->num_outputs; i++)
        b.out[b.num_out++] = buffer_of(runner, t->call.out[i], NULL);
    return b;
}

static void read_back(Buffers *b, Trial *t)
{
    for (int i = 0; i < b->num_out; i++) {
        g_assert_true(sfm_buffer_read(b->runner, b->out[i], t->got[i], NULL));
        sfm_buffer_free(b->runner, b->out[i]);
    }
    for (int i = 0; i < b->num_in; i++)
        sfm_buffer_free(b->runner, b->in[i]);
}

void trial_call(Trial *t, SfmRunner *runner)
{
    g_autoptr(GError) error = NULL;
    Buffers b = buffers_new(t, runner, 0);

    sfm_runner_call(runner, &t->call, b.out, b.in, &error);
    g_assert_no_error(error);
    read_back(&b, t);
}

static SfmGraph *graph_of(const Trial *t)
{
    static const char *const names[SFM_MAX_INPUTS] = { "0", "1", "2", "3", "4", "5" };
    const uint32_t weights = weights_of(t->call.op);
    SfmGraph *graph = sfm_graph_new();
    SfmValue in[SFM_MAX_INPUTS] = { 0 };

    for (int i = 0; i < t->call.num_inputs; i++)
        in[i] = weights >> i & 1 ? sfm_graph_weight(graph, names[i], t->call.in[i])
                                 : sfm_graph_input(graph, names[i], t->call.in[i]);
    const SfmValue y = sfm_graph_call(graph, t->call.op, t->call.attrs, t->call.num_inputs, in);
    for (int i = 0; i < t->call.op->num_outputs; i++)
        sfm_graph_output(graph, y + (SfmValue)i);
    g_assert_true(sfm_graph_check(graph, NULL));
    return graph;
}

static bool give(void *user_data, const char *name, SfmShape shape, float *out, GError **error)
{
    const Trial *t = user_data;
    memcpy(out, t->in[name[0] - '0'], sfm_shape_count(shape) * sizeof(float));
    return true;
}

// The kernel, and behind it those that change layouts.
static const SfmKernel **only(const SfmTarget *target, const SfmKernel *kernel, size_t *count)
{
    const SfmKernel **kernels = g_new0(const SfmKernel *, target->num_kernels + 1);
    *count = 0;
    kernels[(*count)++] = kernel;
    for (size_t i = 0; i < target->num_kernels; i++) {
        if (g_str_equal(target->kernels[i]->op, "copy"))
            kernels[(*count)++] = target->kernels[i];
    }
    return kernels;
}

void trial_kernel(Trial *t, SfmRunner *runner, const SfmKernel *kernel)
{
    g_autoptr(GError) error = NULL;
    SfmTarget target = *runner->target;
    g_autofree const SfmKernel **kernels = only(runner->target, kernel, &target.num_kernels);
    target.kernels = kernels;

    g_autoptr(SfmGraph) graph = graph_of(t);
    g_autoptr(SfmPlan) plan = sfm_plan_new(graph, &target, &error);
    g_assert_no_error(error);
    SfmProgram *program = sfm_program_new(runner, plan, give, t, &error);
    g_assert_no_error(error);

    Buffers b = buffers_new(t, runner, weights_of(t->call.op));
    sfm_program_run(runner, program, b.out, b.in, NULL, &error);
    g_assert_no_error(error);
    read_back(&b, t);
    sfm_program_free(runner, program);
}

char *trial_name(const SfmCall *call)
{
    GString *name = g_string_new(call->op->name);
    for (int i = 0; i < call->num_inputs; i++) {
        const uint32_t *d = call->in[i].dim;
        g_string_append_printf(name, " [%u, %u, %u, %u]", d[0], d[1], d[2], d[3]);
    }
    return g_string_free(name, FALSE);
}

// Whether the kernel computes on halves: activations or weights.
static bool has_halves(const SfmKernel *kernel)
{
    return g_str_has_prefix(kernel->name, "gpu/");
}

static double root_mean_square(const float *data, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += isnan(data[i]) ? 0 : (double)data[i] * data[i];
    return sqrt(sum / (double)count);
}

// Within `tolerance` times the greatest that is wanted, or `off_by` altogether.
static void compare(const Trial *t, int output, const char *what, double tolerance, double off_by)
{
    const size_t count = sfm_shape_count(t->call.out[output]);
    const float *want = t->want[output], *got = t->got[output];
    double greatest = 0, worst = 0;
    size_t at = 0;

    for (size_t i = 0; i < count; i++) {
        if (isnan(want[i]) && isnan(got[i]))
            continue;
        const double off = fabs((double)got[i] - want[i]);
        greatest = fmax(greatest, fabs((double)want[i]));
        if (!(off <= worst)) { // NaN is the worst of all
            worst = isnan(off) ? INFINITY : off;
            at = i;
        }
    }
    if (worst <= MAX(tolerance * greatest, off_by))
        return;
    g_autofree char *name = trial_name(&t->call);
    g_error("%s by %s: value %zu of output %d is %.9g, not %.9g; the greatest is %.9g", name, what,
            at, output, (double)got[at], (double)want[at], greatest);
}

void trial_compare(const Trial *t, const char *what, double tolerance)
{
    for (int i = 0; i < t->call.op->num_outputs; i++)
        compare(t, i, what, tolerance, 0);
}

// Kernels may transform, as Winograd's do; halves have eleven bits.
#define TOLERANCE      2e-5 // of the greatest value
#define HALF_TOLERANCE 2e-2 // of the output's root mean square

void trial_compare_kernel(const Trial *t, const SfmKernel *kernel)
{
    for (int i = 0; i < t->call.op->num_outputs; i++) {
        if (has_halves(kernel)) {
            const double rms = root_mean_square(t->want[i], sfm_shape_count(t->call.out[i]));
            compare(t, i, kernel->name, 0, HALF_TOLERANCE * rms);
        } else {
            compare(t, i, kernel->name, TOLERANCE, 0);
        }
    }
}

// What output value `at` of a convolution is.
static double convolved(const Trial *t, size_t at)
{
    const SfmConv2d *a = t->call.attrs;
    const uint32_t *x = t->call.in[0].dim, *y = t->call.out[0].dim;
    const size_t column = at % y[3], row = at / y[3] % y[2], o = at / y[3] / y[2] % y[1];
    const size_t image = at / y[3] / y[2] / y[1], n = image % x[0];
    const size_t weights = image / x[0] * y[1] + o; // of one of several convolutions
    const size_t addend_plane =
        t->call.num_inputs > 3 ? t->call.in[3].dim[2] * t->call.in[3].dim[3] : 0;
    const uint32_t height = sfm_conv2d_seen(a, x[2]), width = sfm_conv2d_seen(a, x[3]);
    const size_t zoom = a->doubled ? 2 : 1;
    double sum = t->in[2][weights];

    for (size_t c = 0; c < x[1]; c++) {
        for (size_t tap = 0; tap < (size_t)a->kernel * a->kernel; tap++) {
            // Above the image, or left of it, is a huge number.
            size_t i = row * a->stride + tap / a->kernel - a->top;
            size_t j = column * a->stride + tap % a->kernel - a->left;
            if (a->wrap.y)
                i = (i + height) % height;
            if (a->wrap.x)
                j = (j + width) % width;
            if (i < height && j < width)
                sum += (double)t->in[0][((n * x[1] + c) * x[2] + i / zoom) * x[3] + j / zoom] *
                       t->in[1][(weights * x[1] + c) * a->kernel * a->kernel + tap];
        }
    }
    if (addend_plane > 0)
        sum = (sum + t->in[3][addend_plane > 1 ? at : n * y[1] + o]) * a->scale;
    return sum;
}

void trial_spot_check(const Trial *t, GRand *rand, int count, const SfmKernel *kernel)
{
    const int32_t values = (int32_t)sfm_shape_count(t->call.out[0]);
    g_autofree char *name = trial_name(&t->call);
    double greatest = 0;

    g_assert_cmpstr(t->call.op->name, ==, "conv2d");
    for (int32_t i = 0; i < values; i++)
        greatest = fmax(greatest, fabs((double)t->got[0][i]));
    const double off_by = has_halves(kernel)
                              ? HALF_TOLERANCE * root_mean_square(t->got[0], (size_t)values)
                              : TOLERANCE * greatest;
    for (int i = 0; i < count; i++) {
        const int32_t at = g_rand_int_range(rand, 0, values);
        const double want = convolved(t, (size_t)at), got = t->got[0][at];
        if (!(fabs(got - want) <= off_by))
            g_error("%s by %s: value %d is %.9g, not %.9g; the greatest is %.9g", name,
                    kernel->name, at, got, want, greatest);
    }
}
