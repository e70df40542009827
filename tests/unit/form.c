// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/form.h"

#include <math.h>
#include <string.h>

#include "common/text.h"

static char *class_names[] = { "snow", "grass", NULL };

static const SfmModelInfo textures = {
    .name = "textures",
    .channels = 3,
    .num_classes = 2,
    .classes = class_names,
    .guidance = true,
    .schedule = "linear",
    .sampler = "ddpm",
    .steps = 30,
    .default_guidance = 1.5,
};

static const SfmArgument *argument(const char *name)
{
    for (int i = 0; i < SFM_NUM_ARGUMENTS; i++)
        if (strcmp(sfm_arguments[i].name, name) == 0)
            return &sfm_arguments[i];
    g_assert_not_reached();
}

static void test_order(void)
{
    static const char *const order[] = { "model",    "class",   "width",         "height",
                                         "count",    "steps",   "seed",          "guidance",
                                         "schedule", "sampler", "script-params", "device" };
    g_assert_cmpuint(G_N_ELEMENTS(order), ==, SFM_NUM_ARGUMENTS);
    for (int i = 0; i < SFM_NUM_ARGUMENTS; i++)
        g_assert_cmpstr(sfm_arguments[i].name, ==, order[i]);
}

static void test_defaults(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    for (int i = 0; i < SFM_NUM_ARGUMENTS; i++)
        if (sfm_arguments[i].type == SFM_ARGUMENT_TEXT)
            g_assert_cmpstr(sfm_form_text(&form, &sfm_arguments[i]), ==, "");
        else
            g_assert_cmpfloat(sfm_form_number(&form, &sfm_arguments[i]), ==, 0);
    g_assert_true(sfm_form_check(&form, NULL));
}

static void test_every_field_holds(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    for (int i = 0; i < SFM_NUM_ARGUMENTS; i++)
        if (sfm_arguments[i].type == SFM_ARGUMENT_TEXT)
            sfm_form_set_text(&form, &sfm_arguments[i], sfm_arguments[i].name);
        else
            sfm_form_set_number(&form, &sfm_arguments[i], i + 1);
    g_assert_cmpstr(form.class_name, ==, "class");
    g_assert_cmpstr(form.device, ==, "device");
    g_assert_cmpint(form.width, ==, 3);
    g_assert_cmpint(form.seed, ==, 7);
    g_assert_cmpfloat(form.guidance, ==, 8);

    g_auto(SfmForm) copy;
    sfm_form_init(&copy);
    sfm_form_copy(&form, &copy);
    g_autofree char *saved = sfm_form_save(&form);
    g_autofree char *copied = sfm_form_save(&copy);
    g_assert_cmpstr(saved, ==, copied);
}

static void refuses(SfmForm *form, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(sfm_form_check(form, &error));
    g_assert_error(error, SFM_ERROR, (int)SFM_ERROR_BAD_ARGUMENT);
    g_assert_cmpstr(error->message, ==, message);
}

static void test_ranges(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    form.width = -3;
    refuses(&form, "width must be 0 to 262144, but is -3");
    form.width = 262145;
    refuses(&form, "width must be 0 to 262144, but is 262145");
    form.width = 262144;
    form.seed = SFM_MAX_SEED;
    g_assert_true(sfm_form_check(&form, NULL));
    form.seed = -1;
    refuses(&form, "seed must be 0 to 2147483647, but is -1");
    form.seed = 0;
    form.guidance = NAN;
    refuses(&form, "guidance must be 0 to 100, but is nan");
}

static void test_settings(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    sfm_form_set_text(&form, argument("script-params"),
                      " sampler.eta=0.3  schedule.spacing=trailing\tname='two words' ");
    g_auto(GStrv) settings = sfm_form_settings(&form, NULL);
    g_assert_cmpuint(g_strv_length(settings), ==, 3);
    g_assert_cmpstr(settings[0], ==, "sampler.eta=0.3");
    g_assert_cmpstr(settings[1], ==, "schedule.spacing=trailing");
    g_assert_cmpstr(settings[2], ==, "name=two words");
}

static void test_no_settings(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    sfm_form_set_text(&form, argument("script-params"), " \t");
    g_auto(GStrv) settings = sfm_form_settings(&form, NULL);
    g_assert_nonnull(settings);
    g_assert_null(settings[0]);
}

static void test_bad_settings(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    sfm_form_set_text(&form, argument("script-params"), "sampler.eta=0.3 spacing");
    refuses(&form, "script-params: \"spacing\" is not of the form name=value");
    sfm_form_set_text(&form, argument("script-params"), "=1");
    refuses(&form, "script-params: \"=1\" is not of the form name=value");
    sfm_form_set_text(&form, argument("script-params"), "name='open");
    g_assert_false(sfm_form_check(&form, NULL));
}

static void test_card(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    form.seed = 7;
    form.width = 640;
    sfm_form_set_text(&form, argument("class"), "mud");
    sfm_form_take_card(&form, &textures);
    g_assert_cmpstr(form.model, ==, "textures");
    g_assert_cmpstr(form.class_name, ==, ""); // guidance is possible, so none is too
    g_assert_cmpstr(form.schedule, ==, "linear");
    g_assert_cmpstr(form.sampler, ==, "ddpm");
    g_assert_cmpint(form.steps, ==, 30);
    g_assert_cmpfloat(form.guidance, ==, 1.5);
    g_assert_cmpint(form.seed, ==, 7);
    g_assert_cmpint(form.width, ==, 640);

    SfmModelInfo strict = textures;
    strict.guidance = false;
    sfm_form_take_card(&form, &strict);
    g_assert_cmpstr(form.class_name, ==, "snow");
    g_assert_cmpfloat(form.guidance, ==, 0);
}

static void test_models(void)
{
    SfmModelInfo model = textures;
    g_assert_true(sfm_model_check(&model, NULL));
    model.channels = 4;
    g_autoptr(GError) error = NULL;
    g_assert_false(sfm_model_check(&model, &error));
    g_assert_cmpstr(error->message, ==, "textures has 4 channels, which is no picture");

    g_autoptr(GError) broken = NULL;
    model.broken = "unet/config.json is missing";
    g_assert_false(sfm_model_check(&model, &broken));
    g_assert_cmpstr(broken->message, ==, "unet/config.json is missing");
}

static void test_first_model(void)
{
    SfmModelInfo latent = textures, broken = textures, good = textures;
    latent.channels = 4;
    broken.broken = "unet/config.json is missing";
    g_autoptr(GPtrArray) models = g_ptr_array_new();
    g_ptr_array_add(models, &latent);
    g_ptr_array_add(models, &broken);
    g_assert_cmpint(sfm_first_model(models), ==, -1);
    g_ptr_array_add(models, &good);
    g_assert_cmpint(sfm_first_model(models), ==, 2);
}

static void test_saved(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    form.steps = 12;
    form.guidance = 1.25;
    sfm_form_set_text(&form, argument("class"), "forest floor\n=\xc3\xa4");
    g_autofree char *text = sfm_form_save(&form);

    g_auto(SfmForm) again;
    sfm_form_init(&again);
    sfm_form_load(&again, text);
    g_assert_cmpint(again.steps, ==, 12);
    g_assert_cmpfloat(again.guidance, ==, 1.25);
    g_assert_cmpstr(again.class_name, ==, "forest floor\n=\xc3\xa4");
}

static void test_spoilt(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    form.steps = 12;
    sfm_form_load(&form, "\x7f not a key file");
    sfm_form_load(&form, "[diffusion-generate]\nsteps=-4\nwidth=wide\nseed=9\n");
    g_assert_cmpint(form.steps, ==, 12);
    g_assert_cmpint(form.width, ==, 0);
    g_assert_cmpint(form.seed, ==, 9);
}

static void test_texts(void)
{
    g_autoptr(GError) error =
        g_error_new_literal(SFM_ERROR, SFM_ERROR_NO_MEMORY, "device memory: 9 GiB asked for");
    g_autofree char *text = sfm_error_text(error);
    g_assert_cmpstr(text, ==, "device memory: 9 GiB asked for.\nChoose a smaller size.");

    g_autoptr(GError) plain =
        g_error_new_literal(SFM_ERROR, SFM_ERROR_BAD_ARGUMENT, "width must be 0 to 9, but is 10");
    g_autofree char *sentence = sfm_error_text(plain);
    g_assert_cmpstr(sentence, ==, "width must be 0 to 9, but is 10.");

    const SfmProgress loading = { .stage = SFM_STAGE_LOAD, .remaining = -1 };
    g_autofree char *load = sfm_progress_text(&loading);
    g_assert_cmpstr(load, ==, "Loading the model");
    SfmProgress sampling = {
        .stage = SFM_STAGE_SAMPLE, .step = 3, .num_steps = 30, .remaining = -1
    };
    g_autofree char *first = sfm_progress_text(&sampling);
    g_assert_cmpstr(first, ==, "Preparing the first step");
    sampling.fraction = 0.1;
    g_autofree char *plain_step = sfm_progress_text(&sampling);
    g_assert_cmpstr(plain_step, ==, "Step 3 of 30");
    sampling.remaining = 11.2; // rounded up
    g_autofree char *later = sfm_progress_text(&sampling);
    g_assert_cmpstr(later, ==, "Step 3 of 30, 12 s left");

    g_autofree char *one = sfm_layer_name("Textures", 7, 0, 1);
    g_assert_cmpstr(one, ==, "Textures, seed 7");
    g_autofree char *second = sfm_layer_name("Textures", 7, 1, 4);
    g_assert_cmpstr(second, ==, "Textures, seed 7, number 2");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/form/arguments_keep_the_order_that_callers_by_position_know", test_order);
    g_test_add_func("/form/leaves_every_choice_to_the_card_at_first", test_defaults);
    g_test_add_func("/form/holds_and_copies_every_argument", test_every_field_holds);
    g_test_add_func("/form/refuses_numbers_out_of_range_by_name", test_ranges);
    g_test_add_func("/form/splits_script_parameters_as_a_shell_does", test_settings);
    g_test_add_func("/form/no_script_parameters_are_an_empty_list", test_no_settings);
    g_test_add_func("/form/refuses_script_parameters_without_name_and_value", test_bad_settings);
    g_test_add_func("/form/takes_the_choices_of_the_card_but_not_seed_and_size", test_card);
    g_test_add_func("/form/refuses_models_that_are_broken_or_make_no_picture", test_models);
    g_test_add_func("/form/finds_the_first_model_that_makes_pictures", test_first_model);
    g_test_add_func("/form/comes_back_from_what_it_saved", test_saved);
    g_test_add_func("/form/passes_over_what_is_spoilt_in_a_saved_one", test_spoilt);
    g_test_add_func("/form/texts_say_what_happened_and_what_to_do", test_texts);
    return g_test_run();
}
