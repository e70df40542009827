// SPDX-License-Identifier: GPL-3.0-or-later
#include "job_trial.h"

#include <math.h>
#include <string.h>

#include "base/philox.h"
#include "job/noise_source.h"

static float hole[SIDE * SIDE];

// White in the middle, half gray in a rim of one pixel around it.
static SfmJobParams with_hole(void)
{
    SfmJobParams params = request(SFM_JOB_INPAINT);

    for (int i = 0; i < SIDE * SIDE; i++) {
        const int far = MAX(abs(2 * (i % SIDE) - 15), abs(2 * (i / SIDE) - 15)) / 2;
        hole[i] = far < 4 ? 1.0F : far == 4 ? 0.5F : 0.0F;
    }
    params.inputs[1] = (SfmPicture){ SIDE, SIDE, 1, hole };
    params.num_steps = 4;
    return params;
}

// The same, half painted everywhere.
static SfmJobParams with_half_a_mask(void)
{
    SfmJobParams params = with_hole();

    for (int i = 0; i < SIDE * SIDE; i++)
        hole[i] = 0.5F;
    return params;
}

// Runs it with a sampler that fails where it is not shown what it should be: `before`
// and the step's body.
static void run_and_look(SfmJobParams *params, const char *before, const char *body)
{
    g_autofree char *path = g_build_filename(folder, "look.lua", NULL);
    g_autofree char *text =
        g_strdup_printf("%s return diffusion.sampler { api = 1, name = 'look', title = 'Look', "
                        "step = function(ctx, x, x0, eps, a, b) %s end }",
                        before, body);
    g_auto(SfmImage) image = { 0 };

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    params->sampler = path;
    run(params, &image);
    g_unlink(path);
}

static void keeps_what_the_mask_does_not_hold_to_the_bit(void)
{
    const char *const samplers[] = { "ddpm", "ddim", "heun", "dpmpp-2m", "langevin" };

    for (size_t k = 0; k < G_N_ELEMENTS(samplers); k++) {
        SfmJobParams params = with_hole();
        g_auto(SfmImage) image = { 0 };
        int changed = 0;
        params.sampler = samplers[k];
        run(&params, &image);
        for (int i = 0; i < COUNT; i++) {
            if (hole[i / 3] == 0.0F)
                g_assert_cmpmem(&image.pixels[i], sizeof(float), &slope[i], sizeof(float));
            else
                changed += image.pixels[i] != slope[i];
        }
        g_assert_cmpint(changed, >, 200); // of 300
    }
}

// At each level x is the picture with that level's noise outside the mask; a
// sampler that looks sees so.
static void shows_samplers_the_known_part_at_its_level(void)
{
    const char *const settings[] = { "rounds=3", "jump=2", "strength=0.3", NULL };
    SfmJobParams params = with_hole();

    for (int i = 0; i < SIDE * SIDE; i++)
        hole[i] = i == 0 ? 1e-6F : 0.0F; // next to nothing is painted
    params.settings = settings;
    run_and_look(&params, "",
                 "if (x - x0 - a * eps):absmax() > 1e-3 * a then error('eps is not the rest') end "
                 "if (x - x0):absmax() > 6 * a then error('x is not known') end "
                 "return x0 + b * eps");
}

// A pixel that is half painted has all of its level's noise, on the way back up
// from the end, too; far up the way there is little else in x.
static void has_all_of_the_noise_under_a_soft_mask(void)
{
    const char *const settings[] = { "rounds=2", "jump=6", NULL };
    SfmJobParams params = with_half_a_mask();

    params.num_steps = 6;
    params.settings = settings;
    run_and_look(&params, "",
                 "local rms = x:rms() / a "
                 "if a > 10 and math.abs(rms - 1) > 0.1 then error('noise is ' .. rms) end "
                 "return x * (b / a)");
}

// Down to sigma 1 a pixel that is half painted is known: no word of the network
// gets to it, and its estimate is the same at all levels.
static void half_a_mask_is_known_down_to_sigma_1(void)
{
    const char *const settings[] = { "rounds=1", NULL };
    SfmJobParams params = with_half_a_mask();

    params.num_steps = 8;
    params.settings = settings;
    run_and_look(&params, "local first",
                 "first = first or x0:mean() "
                 "if (math.abs(x0:mean() - first) < 1e-6) ~= (a > 1) then error('at ' .. a) end "
                 "return x0 + b * eps");
}

// The sampler goes to white, over which lies a quarter of the picture.
static void blends_by_the_mask_once(void)
{
    g_autofree char *white = write_sampler("white.lua", "return 0 * x + 1");
    SfmJobParams params = with_hole();
    g_auto(SfmImage) image = { 0 };

    for (int i = 0; i < SIDE * SIDE; i++)
        hole[i] = 0.75F;
    params.sampler = white;
    run(&params, &image);
    for (int i = 0; i < COUNT; i++)
        g_assert_cmpfloat_with_epsilon(image.pixels[i], 0.75F + 0.25F * slope[i], 1e-5);
    g_unlink(white);
}

typedef struct {
    int last, total;
} Steps;

static void count_steps(const SfmProgress *progress, void *user_data)
{
    Steps *steps = user_data;

    g_assert_cmpint(progress->step, >=, steps->last);
    *steps = (Steps){ progress->step, progress->num_steps };
}

// Ten steps in parts of 3, 3, 3 and 1, each of them four times.
static void counts_the_steps_of_all_rounds(void)
{
    const char *const settings[] = { "rounds=4", "jump=3", NULL };
    SfmJobParams params = with_hole();
    g_auto(SfmImage) image = { 0 };
    Steps steps = { 0 };

    params.num_steps = 10;
    params.settings = settings;
    params.progress = count_steps;
    params.user_data = &steps;
    run(&params, &image);
    g_assert_cmpint(steps.total, ==, 4 * 10);
    g_assert_cmpint(steps.last, ==, 4 * 10);
}

static void more_rounds_and_other_images_draw_other_noise(void)
{
    const char *const once[] = { "rounds=1", NULL }, *const twice[] = { "rounds=2", NULL };
    SfmJobParams params = with_hole();
    SfmImage one[1] = { 0 }, two[3] = { 0 };

    params.settings = once;
    run(&params, one);
    params.settings = twice;
    params.num_images = 3;
    run(&params, two);
    g_assert_cmpint(memcmp(one[0].pixels, two[0].pixels, sizeof slope), !=, 0);
    g_assert_cmpint(memcmp(two[0].pixels, two[1].pixels, sizeof slope), !=, 0);
    sfm_image_clear(&one[0]);
    params.num_images = 1;
    run(&params, one);
    g_assert_cmpmem(one[0].pixels, sizeof slope, two[0].pixels, sizeof slope);
    sfm_image_clear(&one[0]);
    clear_three(two);
}

static void cancel_in_a_part_is_a_cancel(void)
{
    SfmJobParams params = with_hole();
    g_autoptr(SfmEngine) engine = open_engine();
    g_autoptr(GError) error = NULL;
    SfmImage image = { .width = 123 };

    sfm_engine_cancel(engine);
    g_assert_false(sfm_engine_run(engine, &params, &image, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_CANCELLED);
    g_assert_cmpint(image.width, ==, 123);
}

static void refuses_a_mask_that_holds_nothing(void)
{
    SfmJobParams params = with_hole();

    memset(hole, 0, sizeof hole);
    refuses(&params, SFM_ERROR_BAD_ARGUMENT, "mask: is black everywhere; make white *");
}

int main(int argc, char **argv)
{
    open_trial(&argc, &argv);

#define TEST(name) g_test_add_func("/job/inpaint/" #name, name)
    TEST(keeps_what_the_mask_does_not_hold_to_the_bit);
    TEST(shows_samplers_the_known_part_at_its_level);
    TEST(has_all_of_the_noise_under_a_soft_mask);
    TEST(half_a_mask_is_known_down_to_sigma_1);
    TEST(blends_by_the_mask_once);
    TEST(counts_the_steps_of_all_rounds);
    TEST(more_rounds_and_other_images_draw_other_noise);
    TEST(cancel_in_a_part_is_a_cancel);
    TEST(refuses_a_mask_that_holds_nothing);
    return run_trial();
}
