// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every way to run an op agrees with its C reference, on random shapes: its
// plain shader by itself, and each kernel of the device in a plan of one node.
// What the reference must do is said by hand in the op's own test.

#include "ops/attention.h"
#include "ops/conv2d.h"
#include "ops/draw.h"
#include "ops/group_norm.h"
#include "ops/norm_conv2d.h"
#include "ops/quantile.h"
#include "ops/reduce.h"
#include "support/vulkan.h"
#include "trial.h"

#define NUM_SHAPES 30

// Of the greatest value. The plain shaders differ from the reference by fp32's
// rounding of short sums alone.
#define PLAIN_TOLERANCE  2e-6
#define KERNEL_TOLERANCE 2e-5

static SfmRunner *runner;

// Half of them add a residual or a time embedding.
static void draw_addend(GRand *rand, SfmCall *call, SfmConv2d *attrs)
{
    g_assert_true(call->op->infer(call, NULL));
    attrs->scale = 0.75f;
    call->num_inputs = g_rand_boolean(rand) ? 4 : 3;
    call->in[3] = call->out[0];
    if (g_rand_boolean(rand))
        call->in[3].dim[2] = call->in[3].dim[3] = 1;
}

// A convolution as networks have them, which the op's own sample seldom draws.
static void usual_conv2d(GRand *rand, SfmCall *call, void *attrs)
{
    const bool halves = g_rand_boolean(rand), one = g_rand_boolean(rand);
    const uint32_t channels = (uint32_t)g_rand_int_range(rand, 1, 70);
    const uint32_t outputs = (uint32_t)g_rand_int_range(rand, 1, 70);
    const uint32_t begin = g_rand_boolean(rand) ? 1 : 0;

    *(SfmConv2d *)attrs = one      ? (SfmConv2d){ .kernel = 1, .stride = 1 }
                          : halves ? (SfmConv2d){ .kernel = 3, .stride = 2, begin, begin, 1, 1 }
                                   : (SfmConv2d){ .kernel = 3, .stride = 1, 1, 1, 1, 1 };
    ((SfmConv2d *)attrs)->wrap = sfm_draw_wrap(rand);
    ((SfmConv2d *)attrs)->doubled = g_rand_int_range(rand, 0, 4) == 0;
    call->num_inputs = 3;
    call->in[0] =
        SFM_SHAPE((uint32_t)g_rand_int_range(rand, 1, 3), channels,
                  (uint32_t)g_rand_int_range(rand, 2, 24), (uint32_t)g_rand_int_range(rand, 2, 24));
    const uint32_t side = one ? 1 : 3;
    call->in[1] = SFM_SHAPE(outputs, channels, side, side);
    call->in[2] = SFM_SHAPE(1, outputs, 1, 1);
    draw_addend(rand, call, attrs);
}

// Draws the i-th trial of an op.
static void draw(Trial *t, GRand *rand, const SfmOp *op, int i)
{
    g_autofree void *attrs = g_malloc0(op->attrs_size);
    SfmCall call = { .op = op, .attrs = attrs };

    if (i % 2 == 1 && g_str_equal(op->name, "conv2d"))
        usual_conv2d(rand, &call, attrs);
    else
        op->sample(rand, &call, attrs);
    g_assert_true(trial_init(t, rand, &call));
    trial_reference(t);
}

static void plain_shader_agrees(gconstpointer data)
{
    const SfmOp *op = data;
    // Noise is integers to the last step: the same bits on every device.
    const double tolerance = g_str_equal(op->name, "noise") ? 0 : PLAIN_TOLERANCE;
    g_autoptr(GRand) rand = g_rand_new_with_seed(g_str_hash(op->name));

    for (int i = 0; i < NUM_SHAPES; i++) {
        Trial t;
        draw(&t, rand, op, i);
        trial_call(&t, runner);
        trial_compare(&t, "its plain shader", tolerance);
        trial_clear(&t);
    }
}

// Runs every kernel that applies, and hands each result to `check`.
static void try_kernels(gconstpointer data, guint32 seed, void (*check)(Trial *, const SfmKernel *))
{
    const SfmOp *op = data;
    const SfmTarget *target = runner->target;
    g_autoptr(GRand) rand = g_rand_new_with_seed(g_str_hash(op->name) + seed);

    for (int i = 0; i < NUM_SHAPES; i++) {
        Trial t;
        draw(&t, rand, op, i);
        for (size_t k = 0; k < target->num_kernels; k++) {
            const SfmKernel *kernel = target->kernels[k];
            if (!g_str_equal(kernel->op, op->name) ||
                (kernel->applies && !kernel->applies(&t.call)))
                continue;
            trial_kernel(&t, runner, kernel);
            check(&t, kernel);
        }
        trial_clear(&t);
    }
}

static void compare_with_reference(Trial *t, const SfmKernel *kernel)
{
    trial_compare_kernel(t, kernel);
}

static void kernels_agree(gconstpointer op)
{
    try_kernels(op, 1, compare_with_reference);
}

// 300 deviations off: the mean of the squares less the square of the mean would
// keep two digits of the variance. Of the mean itself fp32 keeps 2e-5.
static void group_norm_far_from_zero(void)
{
    const SfmTarget *target = runner->target;
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    const SfmGroupNorm norm = { .groups = 8, .eps = 1e-5f };

    for (uint32_t channels = 16; channels <= 64; channels *= 2) {
        const SfmCall call = {
            .op = sfm_op_find("group_norm"),
            .attrs = &norm,
            .num_inputs = 3,
            .in = { SFM_SHAPE(1, channels, 12, 20), SFM_SHAPE(1, channels, 1, 1),
                    SFM_SHAPE(1, channels, 1, 1) },
        };
        Trial t;
        g_assert_true(trial_init(&t, rand, &call));
        for (size_t i = 0; i < sfm_shape_count(call.in[0]); i++)
            t.in[0][i] += 300;
        trial_reference(&t);
        for (size_t k = 0; k < target->num_kernels; k++) {
            if (g_str_equal(target->kernels[k]->op, "group_norm")) {
                trial_kernel(&t, runner, target->kernels[k]);
                trial_compare(&t, target->kernels[k]->name, KERNEL_TOLERANCE);
            }
        }
        trial_clear(&t);
    }
}

// llvmpipe leaves a loop after 65535 turns, and what it then reads and writes is wrong.
static void group_norm_of_large_maps(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(4);
    const SfmGroupNorm norm = { .groups = 16, .eps = 1e-5f };
    static const uint32_t sides[] = { 248, 252, 256 };

    for (size_t i = 0; i < G_N_ELEMENTS(sides); i++) {
        const SfmCall call = {
            .op = sfm_op_find("group_norm"),
            .attrs = &norm,
            .num_inputs = 3,
            .in = { SFM_SHAPE(1, 112, sides[i], sides[i]), SFM_SHAPE(1, 112, 1, 1),
                    SFM_SHAPE(1, 112, 1, 1) },
        };
        Trial t;
        g_assert_true(trial_init(&t, rand, &call));
        trial_reference(&t);
        const SfmKernel *kernel = sfm_target_choose(runner->target, &t.call);
        trial_kernel(&t, runner, kernel);
        trial_compare(&t, kernel->name, KERNEL_TOLERANCE);
        trial_clear(&t);
    }
}

// More values than llvmpipe's turns of 256 invocations: each is looked at nevertheless.
static void plain_shaders_look_at_many_values(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    const SfmReduce rms = { .kind = SFM_REDUCE_RMS };
    const SfmQuantile upper = { .q = 0.9 };
    const SfmGroupNorm norm = { .groups = 1, .eps = 1e-5f };
    const SfmAttention wide = { .heads = 1 };
    const SfmCall calls[] = {
        { .op = sfm_op_find("attention"),
          .attrs = &wide,
          .num_inputs = 3,
          .in = { SFM_SHAPE(1, 256, 1, 1), SFM_SHAPE(1, 256, 128, 128),
                  SFM_SHAPE(1, 256, 128, 128) } },
        { .op = sfm_op_find("reduce"),
          .attrs = &rms,
          .num_inputs = 1,
          .in = { SFM_SHAPE(1, 1, 4400, 4400) } },
        { .op = sfm_op_find("quantile"),
          .attrs = &upper,
          .num_inputs = 1,
          .in = { SFM_SHAPE(1, 1, 3000, 3000) } },
        { .op = sfm_op_find("group_norm"),
          .attrs = &norm,
          .num_inputs = 3,
          .in = { SFM_SHAPE(1, 1, 2600, 2600), SFM_SHAPE(1, 1, 1, 1), SFM_SHAPE(1, 1, 1, 1) } },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(calls); i++) {
        Trial t;
        g_assert_true(trial_init(&t, rand, &calls[i]));
        trial_reference(&t);
        trial_call(&t, runner);
        trial_compare(&t, "plain, of many values", 1e-4);
        trial_clear(&t);
    }
}

static void compare_last_image(Trial *t, const SfmKernel *kernel)
{
    Trial alone;
    if (!trial_alone(t, t->call.out[0].dim[0] - 1, &alone))
        return;
    trial_kernel(&alone, runner, kernel);
    trial_compare(&alone, kernel->name, 0);
    trial_clear(&alone);
}

static void an_image_alone_has_the_same_bits(gconstpointer op)
{
    try_kernels(op, 2, compare_last_image);
}

// Compares what the kernel of `name` makes of the call, which is then what is wanted.
static void run_kernel(Trial *t, const char *name, double tolerance)
{
    const SfmTarget *target = runner->target;
    for (size_t k = 0; k < target->num_kernels; k++) {
        const SfmKernel *kernel = target->kernels[k];
        if (!g_str_equal(kernel->name, name))
            continue;
        g_assert_true(!kernel->applies || kernel->applies(&t->call));
        trial_kernel(t, runner, kernel);
        trial_compare(t, name, tolerance);
        memcpy(t->want[0], t->got[0], sfm_shape_count(t->call.out[0]) * sizeof(float));
        return;
    }
    g_assert_not_reached();
}

// Which of the two runs depends on the machine's threads, and no result may. Rows of odd and
// even width, each variant of the shader, an addend, and more than one pass.
static void winograd_has_the_same_bits_in_fewer_launches(void)
{
    static const struct {
        const char *name;
        SfmShape x;
        uint32_t outputs;
    } cases[] = {
        { "lavapipe/winograd4", { { 2, 20, 31, 29 } }, 16 },
        { "lavapipe/winograd4", { { 1, 33, 14, 16 } }, 50 },
        { "lavapipe/winograd4", { { 1, 32, 32, 32 } }, 30 },
        { "lavapipe/winograd4", { { 2, 16, 103, 101 } }, 32 },
        { "lavapipe/winograd2", { { 3, 24, 8, 7 } }, 64 },
        { "lavapipe/winograd2", { { 1, 64, 8, 8 } }, 128 },
        { "lavapipe/winograd2", { { 2, 18, 14, 14 } }, 24 },
        { "lavapipe/winograd2", { { 1, 18, 15, 13 } }, 16 },
    };
    static const SfmConv2d attrs = { .kernel = 3, .stride = 1, 1, 1, 1, 1, .scale = 0.75f };
    g_autoptr(GRand) rand = g_rand_new_with_seed(6);

    if (!g_str_equal(runner->target->name, "lavapipe")) {
        g_test_skip("the kernels are lavapipe's");
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const SfmShape x = cases[i].x;
        const uint32_t outputs = cases[i].outputs;
        const SfmCall call = {
            .op = sfm_op_find("conv2d"),
            .attrs = &attrs,
            .num_inputs = i % 2 == 0 ? 4 : 3,
            .in = { x, SFM_SHAPE(outputs, x.dim[1], 3, 3), SFM_SHAPE(1, outputs, 1, 1),
                    SFM_SHAPE(x.dim[0], outputs, x.dim[2], x.dim[3]) },
        };
        g_autofree char *joint = g_strconcat(cases[i].name, "_joint", NULL);
        Trial t;
        g_assert_true(trial_init(&t, rand, &call));
        trial_reference(&t);
        run_kernel(&t, cases[i].name, KERNEL_TOLERANCE);
        run_kernel(&t, joint, 0);
        trial_clear(&t);
    }
}

// The same call, of what `upsample_nearest` makes of its x.
static void upsampled(GRand *rand, const Trial *t, Trial *u)
{
    const SfmShape x = t->call.in[0];
    const SfmCall upsampling = { .op = sfm_op_find("upsample_nearest"),
                                 .num_inputs = 1,
                                 .in = { x } };
    SfmConv2d attrs = *(const SfmConv2d *)t->call.attrs;
    SfmCall call = t->call;
    Trial up;

    attrs.doubled = false;
    call.attrs = &attrs;
    call.in[0] = SFM_SHAPE(x.dim[0], x.dim[1], 2 * x.dim[2], 2 * x.dim[3]);
    g_assert_true(trial_init(u, rand, &call));
    g_assert_true(trial_init(&up, rand, &upsampling));
    memcpy(up.in[0], t->in[0], sfm_shape_count(x) * sizeof(float));
    trial_reference(&up);
    memcpy(u->in[0], up.want[0], sfm_shape_count(call.in[0]) * sizeof(float));
    for (int i = 1; i < call.num_inputs; i++)
        memcpy(u->in[i], t->in[i], sfm_shape_count(call.in[i]) * sizeof(float));
    trial_clear(&up);
}

static void compare_with_upsampled(GRand *rand, const SfmCall *call)
{
    const SfmTarget *target = runner->target;
    Trial t, u;

    g_assert_true(trial_init(&t, rand, call));
    trial_reference(&t);
    upsampled(rand, &t, &u);
    for (size_t k = 0; k < target->num_kernels; k++) {
        const SfmKernel *kernel = target->kernels[k];
        if (!g_str_equal(kernel->op, "conv2d") || (kernel->applies && !kernel->applies(&t.call)))
            continue;
        trial_kernel(&u, runner, kernel);
        memcpy(t.want[0], u.got[0], sfm_shape_count(t.call.out[0]) * sizeof(float));
        trial_kernel(&t, runner, kernel);
        trial_compare(&t, kernel->name, 0);
    }
    trial_clear(&t);
    trial_clear(&u);
}

// Which is why a plan may do without the upsampling.
static void what_is_doubled_has_the_bits_of_an_upsampling(void)
{
    static const SfmConv2d ways[] = {
        { .kernel = 3, .stride = 1, 1, 1, 1, 1, .scale = 0.75f, .doubled = true },
        { .kernel = 3, .stride = 1, 1, 1, 1, 1, { true, true }, .scale = 1, .doubled = true },
        { .kernel = 3, .stride = 2, .bottom = 1, .right = 1, .scale = 1, .doubled = true },
        { .kernel = 1, .stride = 1, .scale = 1, .doubled = true },
    };
    static const SfmShape maps[] = { { { 1, 32, 16, 16 } },
                                     { { 2, 20, 7, 9 } },
                                     { { 3, 18, 4, 3 } } };
    g_autoptr(GRand) rand = g_rand_new_with_seed(8);

    for (size_t i = 0; i < G_N_ELEMENTS(ways) * G_N_ELEMENTS(maps); i++) {
        const SfmConv2d *way = &ways[i / G_N_ELEMENTS(maps)];
        const SfmShape x = maps[i % G_N_ELEMENTS(maps)];
        const uint32_t outputs = 24 + (uint32_t)i, height = 2 * x.dim[2] / way->stride,
                       width = 2 * x.dim[3] / way->stride;
        compare_with_upsampled(
            rand,
            &(const SfmCall){
                .op = sfm_op_find("conv2d"),
                .attrs = way,
                .num_inputs = i % 2 == 0 ? 4 : 3,
                .in = { x, SFM_SHAPE(outputs, x.dim[1], way->kernel, way->kernel),
                        SFM_SHAPE(1, outputs, 1, 1), SFM_SHAPE(x.dim[0], outputs, height, width) },
            });
    }
}

// By one launch for both what two make of it, one behind the other: `fused` has the inputs.
static void compare_with_two_launches(Trial *fused, const char *kernel)
{
    const SfmCall of_norm = sfm_norm_conv2d_norm(&fused->call);
    const SfmCall of_conv = sfm_norm_conv2d_conv(&fused->call);
    g_autofree char *joint = g_strconcat(kernel, "_joint", NULL);
    g_autofree char *normed = g_strconcat(kernel, "_norm", NULL);
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    Trial norm, conv;

    g_assert_true(trial_init(&norm, rand, &of_norm));
    for (int i = 0; i < 3; i++)
        memcpy(norm.in[i], fused->in[i > 0 ? 2 + i : 0],
               sfm_shape_count(of_norm.in[i]) * sizeof(float));
    trial_reference(&norm);
    run_kernel(&norm, "lavapipe/group_norm", KERNEL_TOLERANCE);

    g_assert_true(trial_init(&conv, rand, &of_conv));
    for (int i = 0; i < of_conv.num_inputs; i++)
        memcpy(conv.in[i], i > 0 ? fused->in[sfm_norm_conv2d_input(i)] : norm.got[0],
               sfm_shape_count(of_conv.in[i]) * sizeof(float));
    trial_reference(&conv);
    run_kernel(&conv, joint, KERNEL_TOLERANCE);

    trial_reference(fused);
    memcpy(fused->want[0], conv.got[0], sfm_shape_count(fused->call.out[0]) * sizeof(float));
    run_kernel(fused, normed, 0);
    trial_clear(&norm);
    trial_clear(&conv);
}

// Groups of a texel and of several, tiles in pairs and not, an odd number of pixels, axes that
// wrap, an addend, several images in a pass and several passes, of which the last is short.
static void winograd_has_the_same_bits_with_the_norm_before_it(void)
{
    static const struct {
        const char *name;
        SfmShape x;
        uint32_t groups, outputs;
    } cases[] = {
        { "lavapipe/winograd4", { { 2, 20, 31, 29 } }, 5, 16 },
        { "lavapipe/winograd4", { { 1, 96, 14, 16 } }, 8, 50 },
        { "lavapipe/winograd4", { { 1, 32, 32, 32 } }, 4, 30 },
        { "lavapipe/winograd4", { { 11, 48, 29, 39 } }, 12, 32 },
        { "lavapipe/winograd2", { { 3, 24, 8, 7 } }, 6, 64 },
        { "lavapipe/winograd2", { { 1, 64, 8, 8 } }, 8, 128 },
        { "lavapipe/winograd2", { { 2, 16, 14, 14 } }, 4, 24 },
        { "lavapipe/winograd2", { { 1, 16, 15, 13 } }, 2, 16 },
    };
    g_autoptr(GRand) rand = g_rand_new_with_seed(6);

    if (!g_str_equal(runner->target->name, "lavapipe")) {
        g_test_skip("the kernels are lavapipe's");
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const SfmShape x = cases[i].x;
        const SfmShape per_channel = SFM_SHAPE(1, x.dim[1], 1, 1);
        const uint32_t outputs = cases[i].outputs;
        const SfmNormConv2d attrs = {
            .conv = { .kernel = 3, .stride = 1, 1, 1, 1, 1, { i % 3 == 0, i % 3 < 2 }, 0.75f },
            .norm = { cases[i].groups, 1e-5f, SFM_ACTIVATION_SILU },
        };
        const SfmCall call = {
            .op = &sfm_op_norm_conv2d,
            .attrs = &attrs,
            .num_inputs = i % 2 == 0 ? 6 : 5,
            .in = { x, SFM_SHAPE(outputs, x.dim[1], 3, 3), SFM_SHAPE(1, outputs, 1, 1), per_channel,
                    per_channel, SFM_SHAPE(x.dim[0], outputs, x.dim[2], x.dim[3]) },
        };
        Trial t;
        g_assert_true(trial_init(&t, rand, &call));
        compare_with_two_launches(&t, cases[i].name);
        trial_clear(&t);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    runner = vulkan_runner();

    for (int i = 0; i < sfm_num_ops; i++) {
        g_autofree char *plain = g_strdup_printf("/ops/agree/plain/%s", sfm_ops[i]->name);
        g_autofree char *kernels = g_strdup_printf("/ops/agree/kernels/%s", sfm_ops[i]->name);
        g_test_add_data_func(plain, sfm_ops[i], plain_shader_agrees);
        g_autofree char *alone = g_strdup_printf("/ops/agree/alone/%s", sfm_ops[i]->name);
        g_test_add_data_func(kernels, sfm_ops[i], kernels_agree);
        g_test_add_data_func(alone, sfm_ops[i], an_image_alone_has_the_same_bits);
    }
    g_test_add_func("/ops/agree/group_norm_far_from_zero", group_norm_far_from_zero);
    g_test_add_func("/ops/agree/group_norm_of_large_maps", group_norm_of_large_maps);
    g_test_add_func("/ops/agree/plain_shaders_look_at_many_values",
                    plain_shaders_look_at_many_values);
    g_test_add_func("/ops/agree/winograd_has_the_same_bits_in_fewer_launches",
                    winograd_has_the_same_bits_in_fewer_launches);
    g_test_add_func("/ops/agree/what_is_doubled_has_the_bits_of_an_upsampling",
                    what_is_doubled_has_the_bits_of_an_upsampling);
    g_test_add_func("/ops/agree/winograd_has_the_same_bits_with_the_norm_before_it",
                    winograd_has_the_same_bits_with_the_norm_before_it);
    const int result = g_test_run();
    sfm_runner_free(runner);
    return result;
}
