// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a script's tensors mean, and what they cost.

#include "script_host.h"

static float plus_one(float v)
{
    return v + 1;
}

static float itself(float v)
{
    return v;
}

static float one_minus(float v)
{
    return 1 - v;
}

static float thrice(float v)
{
    return v * 3;
}

static float over_four(float v)
{
    return v / 4;
}

static float two_over(float v)
{
    return 2 / (v + 5);
}

static float negative(float v)
{
    return -v;
}

static float half_to_one(float v)
{
    return fminf(fmaxf(v, -0.5f), 1);
}

static float root_of_size(float v)
{
    return sqrtf(fabsf(v));
}

static float cube(float v)
{
    return v * v * v;
}

static float step_at_zero(float v)
{
    return v < 0 ? 7 : v;
}

static float to_the_square(float v)
{
    return v + 0.25f * (v * v - v);
}

static float beyond_the_square(float v)
{
    return v + 2 * (v * v - v);
}

static float before_itself(float v)
{
    return v - (v * v - v);
}

static float twice(float v)
{
    return v * 2;
}

static float five_times(float v)
{
    return v * 5;
}

static float zero(float v)
{
    return 0;
}

static float halved(float v)
{
    return v / 2;
}

static const struct {
    const char *body;
    float (*want)(float);
} meanings[] = {
    { "return x + 1", plus_one },
    { "return 1 - x", one_minus },
    { "return x * 3", thrice },
    { "return 3 * x", thrice },
    { "return x / 4", over_four },
    { "return 2 / (x + 5)", two_over },
    { "return -x", negative },
    { "return x:clamp(-0.5, 1)", half_to_one },
    { "return x:max(-0.5):min(1)", half_to_one },
    { "return (1):min((-0.5):max(x))", half_to_one },
    { "return x:abs():sqrt()", root_of_size },
    { "return x * x * x", cube },
    { "return x:exp() / x:exp() + x", plus_one },
    { "return x:less(0):where(7, x)", step_at_zero },
    { "return x:lerp(x * x, 0.25)", to_the_square },
    { "return x:lerp(x * x, 2)", beyond_the_square },
    { "return x:lerp(x * x, -1)", before_itself },
    { "return x:lerp(x / 2, x:less(9))", halved },
    { "return x:slerp(3 * x, 0.5)", twice }, // where there is no circle, straight
    { "return x:slerp(3 * x, 2)", five_times },
    { "return x:slerp(0 * x, 0.5)", halved },
    { "return (0 * x):slerp(x, 0.5)", halved },
    { "return x:slerp(-x, 0.5)", zero },
    { "return x:slerp(x * x, 0)", itself },
    { "return (x * x):slerp(x, 1)", itself },
    { "return (ctx:denoise(x, 3))", halved },
    { "local _, eps = ctx:denoise(x, 0.5) return eps / 2", halved },
    { "return ctx:predict(x, 2) / 24", halved },
    { "return x / (ctx:learned_variance(0.2, 0))", halved },
    { "x:set(x / 2) return x", halved },
    { "local y = x / 2 x:set(0) return y", halved }, // what y stands for does not change
    { "local y = x x:set(y * 3) return y", thrice }, // but y is x
    { "return x - x:mean() + 1.75 / 6 + 1", plus_one },
    { "return x * x:absmax()", thrice },
    { "return x * x:quantile(1)", thrice },
    { "return x + x:quantile(0.6) - 0.25 + 1", plus_one }, // rank (6 - 1) 0.6 is 0.25
    { "return x * 3 * x:rms() / math.sqrt((4 + 0.25 + 0.0625 + 1 + 9) / 6)", thrice },
    { "x = ctx:step(1, x * 3, x) return x", thrice },
    { "local y = ctx:step(1, x) return y * 3", thrice },
};

static void means_what_it_says(gconstpointer data)
{
    const size_t i = GPOINTER_TO_SIZE(data);
    float got[SIZE], want[SIZE];
    sampled(meanings[i].body, got);
    for (size_t k = 0; k < SIZE; k++)
        want[k] = meanings[i].want(start[k]);
    assert_near(got, want, SIZE);
}

static void operators_become_one_kernel(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    float data[SIZE] = { 1, 2, 3, 4, 5, 6 };
    run(&host,
        "sample = function(ctx, x) local y = ((x + 1) * (x - 1) + 1):sqrt():max(0.5) / 2\n"
        "return (y + y + 0 * y):clamp(-9, 9) end",
        data, &error);
    g_assert_no_error(error);
    assert_near(data, (float[]){ 1, 2, 3, 4, 5, 6 }, SIZE);
    g_assert_cmpint(host.num_evals, ==, 1);
    // what is shared is computed once: 31 nodes, of which a tree would have 2^31
    run(&host, "sample = function(ctx, x) for i = 1, 30 do x = x + x end return x end", data,
        &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(data[0], ==, 0x1p30);
    g_assert_cmpint(host.num_evals, ==, 2);
    host_clear(&host);
}

static void what_does_not_fit_one_kernel_runs_in_pieces(void)
{
    float data[SIZE];
    // 1 + 2 + ... + 200 = 20100, with 200 scalars of 24 and 400 nodes of 64
    sampled("local y = 0 * x for i = 1, 200 do y = y + i * x end return y / 20100", data);
    assert_near(data, start, SIZE);
    // a tree of 2^30 leaves, in which all that is alike is shared
    sampled("local y = x for i = 1, 30 do y = y + y end return y / 2 ^ 30", data);
    assert_near(data, start, SIZE);
    // twelve tensors of eight
    sampled("local t = {} for i = 1, 12 do t[i] = ctx:step(1, i * x) end\n"
            "local y = t[1] for i = 2, 12 do y = y + t[i] end return y / 78",
            data);
    assert_near(data, start, SIZE);
}

static void nothing_is_allocated_after_the_first_step(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    float data[SIZE] = { 1, 1, 1, 1, 1, 1 };
    run(&host,
        "step = function(ctx, x, x0, eps, a, b) local k = x:abs():mean()\n"
        "return x0 + b * eps / k + 0 * ctx:noise() end",
        data, &error);
    g_assert_no_error(error);
    g_assert_cmpint(host.num_buffers_of_step, >, 0);
    g_assert_cmpint(host.num_buffers, ==, host.num_buffers_of_step);
    host_clear(&host);
}

static void a_script_may_keep_64_tensors(void)
{
    float data[SIZE];
    sampled("local t = {} for i = 1, 62 do t[i] = x * i end return t[62] / 62", data);
    assert_near(data, start, SIZE);
    sampled("local y for i = 1, 1000 do y = x * i end return y / 1000",
            data); // the rest is garbage
    assert_near(data, start, SIZE);
    fails("local t = {} for i = 1, 64 do t[i] = x * i end", "more than 64 live tensors");
    fails("local t = {} for i = 1, 64 do t[i] = ctx:noise() end", "more than 64 live tensors");
}

// ---- batches ----

static void a_reduction_is_one_value_an_image(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 2);
    float data[2 * SIZE] = { 1, 2, 3, 4, 5, -6, 10, 20, 30, 40, 50, -60 };
    run(&host,
        "sample = function(ctx, x) local s = x:absmax():max(8) + 2 * x:quantile(0)\n"
        "return x / s end",
        data, &error);
    g_assert_no_error(error);
    // image 1: max(6, 8) - 12 = -4; image 2: 60 - 120 = -60
    assert_near(data,
                (float[]){ -1 / 4.0f, -2 / 4.0f, -3 / 4.0f, -1, -5 / 4.0f, 6 / 4.0f, -1 / 6.0f,
                           -2 / 6.0f, -3 / 6.0f, -4 / 6.0f, -5 / 6.0f, 1 },
                2 * SIZE);
    host_clear(&host);
}

static void slerp_follows_the_circle_of_each_image(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 2);
    // image 1: a right angle, of which a third is 30 degrees. Image 2: parallel.
    float data[2 * SIZE] = { 2, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1 };
    run(&host,
        "sample = function(ctx, x) local y = x:less(2):where(2, 0) - x:less(1):where(0, 0)\n"
        "local one = x:quantile(0)\n" // 0 and 1
        "local z = (1 - one) * (y - x:less(0.5):where(0, 2)):max(0) + one * x\n"
        "z = z * one + (1 - one) * x:less(1):where(x + 1, 0)\n"
        "return x:slerp(z, 1 / 3) end",
        data, &error);
    g_assert_no_error(error);
    const float of_x = sqrtf(0.75f), of_z = 0.5f; // cos and sin of 30 degrees
    // z of image 1 is 0 where x is 2, and 1 elsewhere: at right angles to x
    assert_near(data, (float[]){ 2 * of_x, of_z, of_z, of_z, of_z, of_z, 1, 1, 1, 1, 1, 1 },
                2 * SIZE);
    host_clear(&host);
}

// An image of zeros has no direction: it goes straight to the fives, w times
// the way. The other is at right angles to them, and 2 times that is half a turn.
static void slerp_goes_on_beyond_its_ends(void)
{
    const struct {
        double w;
        float first, of_second, fives;
    } cases[] = { { 2, 10, -1, 0 },
                  { -1, -5, 0, -5 },
                  { 0.5, 2.5F, sqrtf(0.5F), 5 * sqrtf(0.5F) } };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        Host host;
        float data[2 * SIZE] = { 0, 0, 0, 0, 0, 0, 3, -3, 3, -3, 3, -3 }, want[2 * SIZE];
        g_autofree char *fields = g_strdup_printf(
            "sample = function(_, x) return x:slerp(0 * x + 5, %g) end", cases[i].w);

        for (size_t k = 0; k < SIZE; k++) {
            want[k] = cases[i].first;
            want[SIZE + k] = cases[i].of_second * data[SIZE + k] + cases[i].fives;
        }
        host_init(&host, 2);
        run(&host, fields, data, &error);
        g_assert_no_error(error);
        assert_near(data, want, 2 * SIZE);
        host_clear(&host);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_open();
    for (size_t i = 0; i < G_N_ELEMENTS(meanings); i++) {
        g_autofree char *path = g_strdup_printf("/script/tensors/means_what_it_says/%zu", i);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), means_what_it_says);
    }
#define ADD(test) g_test_add_func("/script/tensors/" #test, test)
    ADD(operators_become_one_kernel);
    ADD(what_does_not_fit_one_kernel_runs_in_pieces);
    ADD(nothing_is_allocated_after_the_first_step);
    ADD(a_script_may_keep_64_tensors);
    ADD(a_reduction_is_one_value_an_image);
    ADD(slerp_follows_the_circle_of_each_image);
    ADD(slerp_goes_on_beyond_its_ends);
    const int result = g_test_run();
    scratch_close();
    return result;
}
