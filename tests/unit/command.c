// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/command.h"

#include <string.h>

#include "common/recipe.h"
#include "form_trial.h"

static void assert_line(const SfmForm *form, const char *wanted)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *line = sfm_form_command(form, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(line, ==, wanted);
}

// ---- the line ---------------------------------------------------------------

static void what_the_card_chooses_is_left_out(void)
{
    g_auto(SfmForm) form;

    sfm_form_init(&form);
    set_text(&form, "model", "digits");
    assert_line(&form, "sfumato generate --model digits --seed 0 --output out.png");
}

static void what_is_chosen_is_there(void)
{
    g_auto(SfmForm) form;

    sfm_form_init(&form);
    set_text(&form, "model", "textures");
    set_text(&form, "class", "grass");
    set_number(&form, "width", 96);
    set_number(&form, "height", 64);
    set_number(&form, "count", 4);
    set_number(&form, "steps", 20);
    set_number(&form, "seed", 7);
    set_number(&form, "guidance", 1.5);
    set_text(&form, "schedule", "karras");
    set_text(&form, "sampler", "ddim");
    set_text(&form, "script-params", "sampler.eta=0.3 rho=5");
    set_text(&form, "device", "llvmpipe");
    set_number(&form, "frames", 3);
    assert_line(&form, "sfumato generate --model textures --class grass --size 96x64 --count 4 "
                       "--steps 20 --seed 7 --guidance 1.5 --schedule karras --sampler ddim "
                       "--set sampler.eta=0.3 --set rho=5 --frames 3 --device llvmpipe "
                       "--output out.png");
}

static void one_side_is_a_square(void)
{
    g_auto(SfmForm) form;

    sfm_form_init(&form);
    set_number(&form, "height", 64);
    assert_line(&form, "sfumato generate --size 64x64 --seed 0 --output out.png");
}

static void pictures_are_called_after_what_they_are(void)
{
    g_auto(SfmForm) form;

    sfm_form_init(&form);
    form.width = 64; // of no use to this job
    form.job = SFM_JOB_INTERPOLATE;
    set_number(&form, "level", 0.7);
    set_text(&form, "mixing", "linear"); // the default
    assert_line(&form, "sfumato interpolate --seed 0 --level 0.7 from.png to.png "
                       "--output out.png");
    form.job = SFM_JOB_INPAINT;
    assert_line(&form, "sfumato inpaint --seed 0 picture.png mask.png --output out.png");
}

// script_params come first, and the form's own knobs behind them.
static void a_knob_of_the_job_is_what_the_form_says(void)
{
    g_auto(SfmForm) form;

    sfm_form_init(&form);
    form.job = SFM_JOB_VARY;
    set_text(&form, "script-params", "job.strength=0.2 strength=0.3 eta=1");
    assert_line(&form,
                "sfumato vary --seed 0 --set eta=1 --strength 0.5 picture.png --output out.png");
}

static void a_shell_reads_back_what_was_meant(void)
{
    static const char *const texts[] = {
        "it's",
        "two words",
        "$HOME",
        "`id`",
        "\"quoted\"",
        "a\\b",
        "*",
        "~",
        "-x",
        "Schnee & Eis",
        ("Gr\xc3\xbc\xc3\x9f"
         "e"),
        "a;b",
        "new\nline",
        "!",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(GStrv) words = NULL;
        g_auto(SfmForm) form;

        sfm_form_init(&form);
        set_text(&form, "model", texts[i]);
        set_text(&form, "class", texts[i]);
        g_autofree char *quoted = g_shell_quote(texts[i]);
        g_autofree char *setting = g_strconcat("text=", quoted, NULL);
        g_autofree char *value = g_strconcat("text=", texts[i], NULL);
        set_text(&form, "script-params", setting);
        g_autofree char *line = sfm_form_command(&form, &error);
        g_assert_no_error(error);
        g_assert_true(g_shell_parse_argv(line, NULL, &words, &error));
        const char *const wanted[] = { "sfumato", "generate", "--model",  texts[i],
                                       "--class", texts[i],   "--seed",   "0",
                                       "--set",   value,      "--output", "out.png" };
        g_assert_cmpuint(g_strv_length(words), ==, G_N_ELEMENTS(wanted));
        for (size_t k = 0; k < G_N_ELEMENTS(wanted); k++)
            g_assert_cmpstr(words[k], ==, wanted[k]);
    }
}

static void script_params_that_cannot_be_read_make_no_line(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(SfmForm) form;

    sfm_form_init(&form);
    set_text(&form, "script-params", "eta='0.3");
    g_assert_null(sfm_form_command(&form, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT);
}

// ---- recipes ----------------------------------------------------------------

#define HASH "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static SfmRecipe *recipe_with(const char *noise, const char *count, double strength)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *json = g_strdup_printf(
        "{\"engine\": \"0.1.0\", \"recipe\": 2, \"job\": \"vary\", "
        "\"job_settings\": [\"strength=%g\"], "
        "\"inputs\": [{\"name\": \"picture\", \"hash\": \"" HASH "\"}], "
        "\"model\": {\"name\": \"digits\", \"hash\": \"" HASH "\"}, "
        "\"schedule\": {\"name\": \"linear\", \"hash\": \"" HASH "\", \"settings\": [\"rho=7\"]}, "
        "\"sampler\": {\"name\": \"ddim\", \"hash\": \"" HASH "\", "
        "\"settings\": [\"eta=0.3\", \"text=a b\"]}, "
        "\"steps\": 20, \"seed\": 9, \"noise\": \"%s\", \"image\": 2, %s"
        "\"width\": 16, \"height\": 12, \"class\": \"7\", \"guidance\": 1.5, "
        "\"precision\": \"fp32\", \"family\": \"gpu-fp32\", \"device\": \"llvmpipe\"}",
        strength, noise, count);
    SfmRecipe *recipe = sfm_recipe_parse(json, &error);

    g_assert_no_error(error);
    return recipe;
}

static void a_form_takes_a_recipe(void)
{
    g_autoptr(SfmRecipe) recipe = recipe_with("philox", "", 0.25);
    g_autoptr(GError) error = NULL;
    g_auto(SfmForm) form;

    sfm_form_init(&form);
    set_text(&form, "device", "2");
    set_number(&form, "frames", 4);
    g_assert_true(sfm_form_take_recipe(&form, recipe, &error));
    g_assert_no_error(error);
    assert_line(&form, "sfumato vary --model digits --class 7 --count 3 --steps 20 --seed 9 "
                       "--guidance 1.5 --schedule linear --sampler ddim --set schedule.rho=7 "
                       "--set sampler.eta=0.3 --set 'sampler.text=a b' --strength 0.25 "
                       "--kernel usual --device 2 picture.png --output out.png");
    const SfmArgument frames = argument(SFM_JOB_GENERATE, "frames");
    g_assert_cmpfloat(sfm_form_number(&form, &frames), ==, 4);
}

static void a_form_runs_with_the_kernels_of_its_recipe(void)
{
    g_autoptr(SfmRecipe) recipe =
        recipe_with("philox", "\"kernels\": {\"linear 32 32 128 > 128\": \"linear\"}, ", 0.25);
    g_auto(SfmForm) form, copy;

    sfm_form_init(&form);
    sfm_form_init(&copy);
    g_assert_null(sfm_form_request(&form, NULL).kernels); // what has been tuned here
    g_assert_null(sfm_form_request(&form, NULL).maker.family);
    g_assert_true(sfm_form_take_recipe(&form, recipe, NULL));
    sfm_form_copy(&form, &copy);
    g_assert_cmpstr(sfm_form_request(&copy, NULL).kernels[0], ==,
                    "linear 32 32 128 > 128 = linear");
    g_assert_null(sfm_form_request(&copy, NULL).kernels[1]);
    g_assert_cmpstr(sfm_form_request(&copy, NULL).maker.family, ==, "gpu-fp32");
    g_assert_cmpstr(sfm_form_request(&copy, NULL).maker.device, ==, "llvmpipe");
    assert_line(&form, "sfumato vary --model digits --class 7 --count 3 --steps 20 --seed 9 "
                       "--guidance 1.5 --schedule linear --sampler ddim --set schedule.rho=7 "
                       "--set sampler.eta=0.3 --set 'sampler.text=a b' --strength 0.25 "
                       "--kernel 'linear 32 32 128 > 128 = linear' picture.png --output out.png");
}

static void refuses_recipe(const SfmRecipe *recipe, SfmError code)
{
    g_autoptr(GError) error = NULL;
    g_auto(SfmForm) form;

    sfm_form_init(&form);
    set_text(&form, "model", "textures");
    g_assert_false(sfm_form_take_recipe(&form, recipe, &error));
    g_assert_error(error, SFM_ERROR, (int)code);
    g_assert_cmpint((int)form.job, ==, (int)SFM_JOB_GENERATE); // as it was
    g_assert_cmpstr(form.model, ==, "textures");
}

static void a_form_refuses_what_it_cannot_ask_for(void)
{
    g_autoptr(SfmRecipe) torch = recipe_with("torch", "\"count\": 3, ", 0.25);
    g_autoptr(SfmRecipe) strong = recipe_with("philox", "", 1.5);

    refuses_recipe(torch, SFM_ERROR_UNSUPPORTED);
    refuses_recipe(strong, SFM_ERROR_BAD_ARGUMENT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/command/" #name, name)
    TEST(what_the_card_chooses_is_left_out);
    TEST(what_is_chosen_is_there);
    TEST(one_side_is_a_square);
    TEST(pictures_are_called_after_what_they_are);
    TEST(a_knob_of_the_job_is_what_the_form_says);
    TEST(a_shell_reads_back_what_was_meant);
    TEST(script_params_that_cannot_be_read_make_no_line);
    TEST(a_form_takes_a_recipe);
    TEST(a_form_runs_with_the_kernels_of_its_recipe);
    TEST(a_form_refuses_what_it_cannot_ask_for);
    return g_test_run();
}
