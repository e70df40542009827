// SPDX-License-Identifier: GPL-3.0-or-later
//
// What each kind of network's answer means, worked out by hand, with a network
// that is made up: it answers what the test says and remembers what it was
// asked. Nothing here needs a device.

#include "job/denoiser.h"

#include <math.h>

#include "cpu/runner.h"

#define SIGMA 0.75 // so that sqrt(1 + sigma^2) = 1.25

enum { MOST = 16, MOST_CALLS = 4 };

// What the network answers, the same each time but for `bias` times the label,
// and what it saw.
typedef struct {
    SfmRunner *runner;
    float answer[MOST];
    float bias;
    int num_calls;
    float seen[MOST_CALLS][MOST];
    float condition[MOST_CALLS], label[MOST_CALLS];
} Fake;

static bool answer(void *user_data, SfmBuffer *sample, SfmBuffer *condition, SfmBuffer *labels,
                   SfmBuffer *out, GError **error)
{
    Fake *fake = user_data;
    const int call = fake->num_calls++;
    float data[MOST], each[MOST];

    g_assert_cmpint(call, <, MOST_CALLS);
    g_assert_true(sfm_buffer_read(fake->runner, sample, fake->seen[call], error));
    g_assert_true(sfm_buffer_read(fake->runner, condition, each, error));
    fake->condition[call] = each[0];
    fake->label[call] = NAN;
    if (labels) {
        g_assert_true(sfm_buffer_read(fake->runner, labels, each, error));
        fake->label[call] = each[0];
    }
    for (size_t i = 0; i < sfm_shape_count(out->shape); i++)
        data[i] = fake->answer[i] + (labels ? fake->bias * each[0] : 0.0F);
    return sfm_buffer_write(fake->runner, out, data, error);
}

// A model of one channel, two pixels and one image, whose x is 3, -6.
typedef struct {
    SfmRunner *runner;
    Fake fake;
    SfmSchedulerConfig scheduler;
    SfmNoiseTable table;
    SfmDenoiserParams params;
    SfmDenoiser *denoiser;
    SfmBuffer *x, *x0, *eps;
} Fixture;

static SfmBuffer *new_buffer(SfmRunner *runner, SfmShape shape)
{
    SfmBuffer *buffer = sfm_buffer_new(runner, shape, NULL);
    g_assert_nonnull(buffer);
    return buffer;
}

static void set_up(Fixture *f, SfmPrediction prediction)
{
    const SfmShape shape = SFM_SHAPE(1, 1, 1, 2);
    static double halves[] = { 0.5, 0.5 };

    *f = (Fixture){ .runner = sfm_cpu_runner_new() };
    f->fake.runner = f->runner;
    f->scheduler = (SfmSchedulerConfig){ .prediction = prediction,
                                         .betas = SFM_BETAS_TRAINED,
                                         .num_train_timesteps = 2,
                                         .trained_betas = halves,
                                         .clip_range = 1.0 };
    g_assert_true(sfm_noise_table_init(&f->table, &f->scheduler, NULL));
    f->params = (SfmDenoiserParams){
        .runner = f->runner,
        .shape = shape,
        .out_channels = 1,
        .scheduler = &f->scheduler,
        .table = &f->table,
        .null_label = SFM_NO_LABEL,
        .network = answer,
        .user_data = &f->fake,
    };
    f->x = new_buffer(f->runner, shape);
    f->x0 = new_buffer(f->runner, shape);
    f->eps = new_buffer(f->runner, shape);
    g_assert_true(sfm_buffer_write(f->runner, f->x, (float[]){ 3.0F, -6.0F }, NULL));
}

static void tear_down(Fixture *f)
{
    sfm_denoiser_free(f->denoiser);
    sfm_buffer_free(f->runner, f->x);
    sfm_buffer_free(f->runner, f->x0);
    sfm_buffer_free(f->runner, f->eps);
    sfm_noise_table_clear(&f->table);
    sfm_runner_free(f->runner);
}

static void assert_is(Fixture *f, SfmBuffer *buffer, double first, double second)
{
    float got[MOST];

    g_assert_true(sfm_buffer_read(f->runner, buffer, got, NULL));
    g_assert_cmpfloat_with_epsilon(got[0], first, 2e-6);
    g_assert_cmpfloat_with_epsilon(got[1], second, 2e-6);
}

static void denoise(Fixture *f, const SfmDenoiseRequest *at)
{
    g_autoptr(GError) error = NULL;

    f->denoiser = sfm_denoiser_new(&f->params, &error);
    g_assert_no_error(error);
    g_assert_true(sfm_denoiser_denoise(f->denoiser, f->x, at, f->x0, f->eps, &error));
}

static const SfmDenoiseRequest plain_level = {
    .sigma = SIGMA, .timestep = 7.0, .label = SFM_NO_LABEL, .guidance = 1.0
};

// The network sees 3 / 1.25 and -6 / 1.25 and is told the timestep.
static void assert_saw_scaled_input(const Fixture *f)
{
    g_assert_cmpint(f->fake.num_calls, ==, 1);
    g_assert_cmpfloat_with_epsilon(f->fake.seen[0][0], 2.4, 1e-6);
    g_assert_cmpfloat_with_epsilon(f->fake.seen[0][1], -4.8, 1e-6);
    g_assert_cmpfloat(f->fake.condition[0], ==, 7.0F);
}

static void epsilon_is_the_noise_itself(void)
{
    Fixture f;

    set_up(&f, SFM_PREDICT_EPSILON);
    f.fake.answer[0] = 2.0F;
    f.fake.answer[1] = -4.0F;
    denoise(&f, &plain_level);
    assert_saw_scaled_input(&f);
    assert_is(&f, f.x0, 3.0 - 0.75 * 2.0, -6.0 + 0.75 * 4.0);
    assert_is(&f, f.eps, 2.0, -4.0);
    tear_down(&f);
}

// x0 = sqrt(abar) x_VP - sqrt(1 - abar) v, eps = sqrt(abar) v + sqrt(1 - abar) x_VP;
// sqrt(abar) is 0.8, the other 0.6, x_VP is 2.4 and -4.8.
static void v_turns_input_and_answer(void)
{
    Fixture f;

    set_up(&f, SFM_PREDICT_V);
    f.fake.answer[0] = 1.0F;
    f.fake.answer[1] = 2.0F;
    denoise(&f, &plain_level);
    assert_saw_scaled_input(&f);
    assert_is(&f, f.x0, 0.8 * 2.4 - 0.6, 0.8 * -4.8 - 0.6 * 2.0);
    assert_is(&f, f.eps, 0.8 + 0.6 * 2.4, 0.8 * 2.0 + 0.6 * -4.8);
    tear_down(&f);
}

static void sample_is_the_clean_image_itself(void)
{
    Fixture f;

    set_up(&f, SFM_PREDICT_SAMPLE);
    f.fake.answer[0] = 0.5F;
    f.fake.answer[1] = -0.25F;
    denoise(&f, &plain_level);
    assert_saw_scaled_input(&f);
    assert_is(&f, f.x0, 0.5, -0.25);
    assert_is(&f, f.eps, (3.0 - 0.5) / 0.75, (-6.0 + 0.25) / 0.75);
    tear_down(&f);
}

// x0 = x + sigma^2 score; the input is not scaled, the condition is sigma, and
// there is no table.
static void score_points_uphill(void)
{
    Fixture f;

    set_up(&f, SFM_PREDICT_SCORE);
    f.params.table = NULL;
    f.scheduler.clip_sample = true; // of no concern to data in 0 .. 1
    f.fake.answer[0] = -4.0F;
    f.fake.answer[1] = 8.0F;
    denoise(&f, &plain_level);
    g_assert_cmpfloat(f.fake.seen[0][0], ==, 3.0F);
    g_assert_cmpfloat(f.fake.condition[0], ==, 0.75F);
    assert_is(&f, f.x0, 3.0 - 0.5625 * 4.0, -6.0 + 0.5625 * 8.0);
    assert_is(&f, f.eps, 0.75 * 4.0, 0.75 * -8.0);
    tear_down(&f);
}

// sqrt(sigma^2 + sigma_data^2) is 1.25; at 0.5 above sigma_min, x counts 1 / (0.5^2
// + 1) = 0.8 and the answer 0.5 / 1.25 = 0.4.
static void consistency_leaves_x_alone_at_the_lowest_level(void)
{
    Fixture f;
    SfmDenoiseRequest at = plain_level;

    set_up(&f, SFM_PREDICT_CONSISTENCY);
    f.scheduler.sigma_data = 1.0;
    f.scheduler.sigma_min = 0.25;
    f.fake.answer[0] = 1.0F;
    f.fake.answer[1] = 2.0F;
    denoise(&f, &at);
    g_assert_cmpfloat_with_epsilon(f.fake.seen[0][0], 3.0 / 1.25, 1e-6);
    g_assert_cmpfloat_with_epsilon(f.fake.condition[0], 250.0 * log(0.75), 1e-4);
    assert_is(&f, f.x0, 0.8 * 3.0 + 0.4 * 1.0, 0.8 * -6.0 + 0.4 * 2.0);
    assert_is(&f, f.eps, (3.0 - 2.8) / 0.75, (-6.0 + 4.0) / 0.75);

    at.sigma = 0.25;
    g_assert_true(sfm_denoiser_denoise(f.denoiser, f.x, &at, f.x0, f.eps, NULL));
    assert_is(&f, f.x0, 3.0, -6.0);
    assert_is(&f, f.eps, 0.0, 0.0);
    tear_down(&f);
}

static void derives_the_timestep_where_none_is_given(void)
{
    Fixture f;
    SfmDenoiseRequest at = plain_level;

    set_up(&f, SFM_PREDICT_EPSILON);
    at.sigma = pow(3.0, 0.25); // half way from 1 to sqrt(3), the table's levels
    at.timestep = NAN;
    denoise(&f, &at);
    g_assert_cmpfloat_with_epsilon(f.fake.condition[0], 0.5, 1e-6);
    g_assert_cmpfloat_with_epsilon(sfm_denoiser_condition(f.denoiser, at.sigma, NAN), 0.5, 1e-12);
    g_assert_cmpfloat(sfm_denoiser_condition(f.denoiser, at.sigma, 1.25), ==, 1.25);
    g_assert_cmpfloat(sfm_denoiser_condition(f.denoiser, 0, NAN), ==, 0);
    f.scheduler.prediction = SFM_PREDICT_SCORE;
    g_assert_cmpfloat(sfm_denoiser_condition(f.denoiser, 3, NAN), ==, 3);
    tear_down(&f);
}

// The noise estimate stays as it was before: published DDIM needs that.
static void clips_the_clean_image_and_not_the_noise(void)
{
    Fixture f;

    set_up(&f, SFM_PREDICT_EPSILON);
    f.scheduler.clip_sample = true;
    f.fake.answer[0] = 2.0F;
    f.fake.answer[1] = -4.0F;
    denoise(&f, &plain_level);
    assert_is(&f, f.x0, 1.0, -1.0); // of 1.5, -3
    assert_is(&f, f.eps, 2.0, -4.0);
    tear_down(&f);
}

// |x0| is 1.5 and 3; half way between them lies 2.25, within 1 .. 2.5.
static void thresholds_at_the_quantile(void)
{
    Fixture f;

    set_up(&f, SFM_PREDICT_EPSILON);
    f.scheduler.thresholding = true;
    f.scheduler.clip_sample = true; // thresholding wins
    f.scheduler.threshold_ratio = 0.5;
    f.scheduler.sample_max_value = 2.5;
    f.fake.answer[0] = 2.0F;
    f.fake.answer[1] = -4.0F;
    denoise(&f, &plain_level);
    assert_is(&f, f.x0, 1.5 / 2.25, -1.0);
    tear_down(&f);
}

static void thresholds_no_further_than_allowed(void)
{
    Fixture f;

    set_up(&f, SFM_PREDICT_EPSILON);
    f.scheduler.thresholding = true;
    f.scheduler.threshold_ratio = 0.5;
    f.scheduler.sample_max_value = 2.0;
    f.fake.answer[0] = 2.0F;
    f.fake.answer[1] = -4.0F;
    denoise(&f, &plain_level);
    assert_is(&f, f.x0, 1.5 / 2.0, -1.0);
    tear_down(&f);
}

// Class 2 answers 1 + 2, no class (5) answers 1 + 5: guided by 3, that is
// 6 + 3 (3 - 6) = -3. The clean image, before clipping, is 3 + 0.75 * 3.
static void guides_away_from_the_answer_without_a_class(void)
{
    Fixture f;
    SfmDenoiseRequest at = plain_level;

    set_up(&f, SFM_PREDICT_EPSILON);
    f.params.has_classes = true;
    f.params.null_label = 5;
    f.fake.answer[0] = f.fake.answer[1] = 1.0F;
    f.fake.bias = 1.0F;
    at.label = 2;
    at.guidance = 3.0;
    denoise(&f, &at);
    g_assert_cmpint(f.fake.num_calls, ==, 2);
    g_assert_cmpfloat(f.fake.label[0] + f.fake.label[1], ==, 2.0F + 5.0F);
    assert_is(&f, f.eps, -3.0, -3.0);
    assert_is(&f, f.x0, 3.0 + 0.75 * 3.0, -6.0 + 0.75 * 3.0);
    tear_down(&f);
}

static void asks_once_without_guidance_or_class(void)
{
    for (int i = 0; i < 2; i++) {
        Fixture f;
        SfmDenoiseRequest at = plain_level;

        set_up(&f, SFM_PREDICT_EPSILON);
        f.params.has_classes = true;
        f.params.null_label = 5;
        at.label = i == 0 ? 2 : SFM_NO_LABEL;
        at.guidance = i == 0 ? 1.0 : 3.0;
        denoise(&f, &at);
        g_assert_cmpint(f.fake.num_calls, ==, 1);
        g_assert_cmpfloat(f.fake.label[0], ==, i == 0 ? 2.0F : 5.0F);
        tear_down(&f);
    }
}

// Channels 1 and 2 of the answer: what it predicts, and nu of the variance.
static void answer_with_variance(Fixture *f, SfmVariance variance, float nu)
{
    set_up(f, SFM_PREDICT_EPSILON);
    f->scheduler.variance = variance;
    f->params.out_channels = 2;
    f->fake.answer[0] = 2.0F;
    f->fake.answer[1] = -4.0F;
    f->fake.answer[2] = f->fake.answer[3] = nu;
    denoise(f, &plain_level);
    assert_is(f, f->eps, 2.0, -4.0);
}

// From a = sqrt(3), abar 1/4, to b = 1, abar 1/2: beta = 1 - 1/2, beta~ = (1/2) /
// (3/4) * 1/2 = 1/3. nu = 1 takes beta, -1 takes beta~, 0 the geometric mean; in
// sigma space each is 1 + b^2 = 2 times that.
static void learned_variance_lies_between_the_two_bounds(void)
{
    const struct {
        float nu;
        double want;
    } cases[] = { { 1.0F, 1.0 }, { -1.0F, 2.0 / 3.0 }, { 0.0F, 2.0 * sqrt(1.0 / 6.0) } };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fixture f;
        answer_with_variance(&f, SFM_VARIANCE_LEARNED_RANGE, cases[i].nu);
        g_assert_true(sfm_denoiser_learned_variance(f.denoiser, sqrt(3.0), 1.0, f.x0, NULL));
        assert_is(&f, f.x0, cases[i].want, cases[i].want);
        tear_down(&f);
    }
}

static void learned_diagonal_variance_is_taken_as_it_is(void)
{
    Fixture f;

    answer_with_variance(&f, SFM_VARIANCE_LEARNED, 0.25F);
    g_assert_true(sfm_denoiser_learned_variance(f.denoiser, sqrt(3.0), 1.0, f.x0, NULL));
    assert_is(&f, f.x0, 0.5, 0.5);
    tear_down(&f);
}

static void predict_gives_the_bare_answer(void)
{
    Fixture f;

    set_up(&f, SFM_PREDICT_V);
    f.fake.answer[0] = 2.0F;
    f.fake.answer[1] = -4.0F;
    f.denoiser = sfm_denoiser_new(&f.params, NULL);
    g_assert_true(sfm_denoiser_predict(f.denoiser, f.x, 42.0, SFM_NO_LABEL, f.eps, NULL));
    g_assert_cmpfloat(f.fake.condition[0], ==, 42.0F);
    g_assert_cmpfloat(f.fake.seen[0][0], ==, 3.0F);
    assert_is(&f, f.eps, 2.0, -4.0);
    tear_down(&f);
}

static void refuses_what_makes_no_sense(void)
{
    g_autoptr(GError) level = NULL, variance = NULL, channels = NULL;
    Fixture f;

    set_up(&f, SFM_PREDICT_EPSILON);
    f.denoiser = sfm_denoiser_new(&f.params, NULL);
    g_assert_false(sfm_denoiser_denoise(f.denoiser, f.x, &(SfmDenoiseRequest){ .sigma = 0.0 }, f.x0,
                                        f.eps, &level));
    g_assert_cmpstr(level->message, ==, "denoise: sigma is 0; it must be above 0 and finite");
    g_assert_false(sfm_denoiser_learned_variance(f.denoiser, 1.0, 0.5, f.x0, &variance));
    g_assert_error(variance, SFM_ERROR, SFM_ERROR_UNSUPPORTED);

    f.params.out_channels = 3;
    g_assert_null(sfm_denoiser_new(&f.params, &channels));
    g_assert_error(channels, SFM_ERROR, SFM_ERROR_UNSUPPORTED);
    tear_down(&f);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

#define TEST(name) g_test_add_func("/job/denoiser/" #name, name)
    TEST(epsilon_is_the_noise_itself);
    TEST(v_turns_input_and_answer);
    TEST(sample_is_the_clean_image_itself);
    TEST(score_points_uphill);
    TEST(consistency_leaves_x_alone_at_the_lowest_level);
    TEST(derives_the_timestep_where_none_is_given);
    TEST(clips_the_clean_image_and_not_the_noise);
    TEST(thresholds_at_the_quantile);
    TEST(thresholds_no_further_than_allowed);
    TEST(guides_away_from_the_answer_without_a_class);
    TEST(asks_once_without_guidance_or_class);
    TEST(learned_variance_lies_between_the_two_bounds);
    TEST(learned_diagonal_variance_is_taken_as_it_is);
    TEST(predict_gives_the_bare_answer);
    TEST(refuses_what_makes_no_sense);
    return g_test_run();
}
