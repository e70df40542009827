// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/meter.h"

static void keep(const SfmProgress *progress, void *user_data)
{
    *(SfmProgress *)user_data = *progress;
}

// Ten steps for two images, that go one by one or together.
static void begin(SfmMeter *meter, SfmProgress *last, int images)
{
    sfm_meter_init(meter, keep, last, 20, 1);
    sfm_meter_start(meter, images);
}

static void counts_each_image(void)
{
    SfmMeter meter;
    SfmProgress last = { 0 };
    begin(&meter, &last, 2);
    sfm_meter_stepped(&meter, 0);
    g_assert_cmpint(last.step, ==, 2);
    sfm_meter_stepped(&meter, 9);
    g_assert_cmpint(last.step, ==, 20);
    g_assert_cmpfloat(last.fraction, ==, 1);
}

static void counts_steps_that_were_passed_over(void)
{
    SfmMeter meter;
    SfmProgress last = { 0 };
    begin(&meter, &last, 1);
    sfm_meter_stepped(&meter, 3);
    g_assert_cmpint(last.step, ==, 4);
    g_assert_cmpfloat_with_epsilon(last.fraction, 0.2, 1e-9);
    sfm_meter_stepped(&meter, 9);
    sfm_meter_start(&meter, 1);
    sfm_meter_stepped(&meter, 4);
    g_assert_cmpint(last.step, ==, 15);
}

static void counts_a_step_once_that_is_taken_again(void)
{
    SfmMeter meter;
    SfmProgress last = { 0 };
    begin(&meter, &last, 1);
    sfm_meter_stepped(&meter, 2);
    sfm_meter_evaluated(&meter);
    sfm_meter_stepped(&meter, 2);
    g_assert_cmpint(last.step, ==, 3);
}

static void estimates_from_the_first_part_on(void)
{
    SfmMeter meter;
    SfmProgress last = { 0 };
    begin(&meter, &last, 1);
    sfm_meter_stepped(&meter, 0);
    g_assert_cmpfloat(last.remaining, <, 0);

    // Nine steps more of twenty, in as many seconds: ten are left.
    meter.timed_since -= 9 * G_USEC_PER_SEC;
    sfm_meter_stepped(&meter, 9);
    g_assert_cmpfloat(last.remaining, >=, 10);
    g_assert_cmpfloat(last.remaining, <, 60);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/meter/counts_each_image", counts_each_image);
    g_test_add_func("/meter/counts_steps_that_were_passed_over",
                    counts_steps_that_were_passed_over);
    g_test_add_func("/meter/counts_a_step_once_that_is_taken_again",
                    counts_a_step_once_that_is_taken_again);
    g_test_add_func("/meter/estimates_from_the_first_part_on", estimates_from_the_first_part_on);
    return g_test_run();
}
