// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/form.h"

#include <math.h>
#include <string.h>

#include "common/procedure.h"
#include "common/text.h"
#include "form_trial.h"

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

static char *names_of(SfmJob job)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (int i = 0; i < sfm_num_arguments(job); i++)
        g_string_append_printf(names, "%s%s", i ? " " : "", sfm_argument(job, i).name);
    return g_string_free(g_steal_pointer(&names), FALSE);
}

#define COUNT_TO_DEVICE "count steps seed guidance schedule sampler script-params device"

// More may come behind.
static void test_order(void)
{
    static const char *const order[SFM_NUM_JOBS] = {
        [SFM_JOB_GENERATE] = "model class width height " COUNT_TO_DEVICE,
        [SFM_JOB_VARY] = "model class " COUNT_TO_DEVICE " strength",
        [SFM_JOB_DENOISE] =
            "model class " COUNT_TO_DEVICE " sigma strength luminance colour tile average",
        [SFM_JOB_INTERPOLATE] = "model class " COUNT_TO_DEVICE " level mixing tile",
        [SFM_JOB_INPAINT] = "model class " COUNT_TO_DEVICE " strength rounds jump",
    };
    for (int job = 0; job < SFM_NUM_JOBS; job++) {
        g_autofree char *names = names_of((SfmJob)job);
        if (!g_str_has_prefix(names, order[job]))
            g_assert_cmpstr(names, ==, order[job]);
    }
}

// GIMP 3.0 takes no underscores in the names of arguments.
static void test_names(void)
{
    for (int job = 0; job < SFM_NUM_JOBS; job++)
        for (int i = 0; i < sfm_num_arguments((SfmJob)job); i++) {
            const SfmArgument at = sfm_argument((SfmJob)job, i);
            g_assert_cmpuint(strspn(at.name, "abcdefghijklmnopqrstuvwxyz0123456789-"), ==,
                             strlen(at.name));
            SfmArgument found;
            g_assert_true(sfm_find_argument((SfmJob)job, at.name, &found));
            g_assert_cmpint(found.knob, ==, at.knob);
            g_assert_true(at.label && *at.label && at.help && *at.help);
            g_assert_true(at.type == SFM_ARGUMENT_TEXT || at.max > at.min);
        }
    SfmArgument none;
    g_assert_false(sfm_find_argument(SFM_JOB_VARY, "width", &none));
}

static void test_procedures(void)
{
    for (int job = 0; job < SFM_NUM_JOBS; job++) {
        const SfmProcedure *procedure = sfm_procedure((SfmJob)job);
        g_autofree char *name =
            g_strconcat("plug-in-diffusion-", sfm_job_info((SfmJob)job)->name, NULL);
        SfmJob found = (SfmJob)-1;
        g_assert_cmpstr(procedure->name, ==, name);
        g_assert_true(sfm_find_procedure(name, &found));
        g_assert_cmpint(found, ==, job);
    }
    SfmJob none;
    g_assert_false(sfm_find_procedure("plug-in-diffusion", &none));
}

static void test_defaults(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    g_assert_cmpint(form.job, ==, SFM_JOB_GENERATE);
    for (int job = 0; job < SFM_NUM_JOBS; job++) {
        form.job = (SfmJob)job;
        for (int i = 0; i < sfm_num_arguments(form.job); i++) {
            const SfmArgument at = sfm_argument(form.job, i);
            if (at.type == SFM_ARGUMENT_TEXT)
                g_assert_cmpstr(sfm_form_text(&form, &at), ==, at.default_text);
            else
                g_assert_cmpfloat(sfm_form_number(&form, &at), ==, at.default_number);
            if (at.knob < 0)
                g_assert_true(at.default_number == 0 && (!at.default_text || !*at.default_text));
        }
        g_assert_true(sfm_form_check(&form, NULL));
    }
    g_assert_cmpfloat(form.knobs[SFM_JOB_VARY][0].number, ==, 0.5); // strength
    g_assert_cmpstr(form.knobs[SFM_JOB_INTERPOLATE][1].text, ==, "linear");
}

// A number or text that no other argument has.
static void fill(SfmForm *form, SfmJob job)
{
    form->job = job;
    for (int i = 0; i < sfm_num_arguments(job); i++) {
        const SfmArgument at = sfm_argument(job, i);
        if (at.choices)
            sfm_form_set_text(form, &at, at.choices[1]);
        else if (at.type == SFM_ARGUMENT_TEXT)
            sfm_form_set_text(form, &at, at.name);
        else
            sfm_form_set_number(form, &at, at.knob < 0 ? i + 1 : at.max / (i + 1));
    }
}

static void test_every_field_holds(void)
{
    g_auto(SfmForm) form, copy;
    sfm_form_init(&form);
    for (int job = SFM_NUM_JOBS - 1; job >= 0; job--)
        fill(&form, (SfmJob)job);
    g_assert_cmpstr(form.class_name, ==, "class");
    g_assert_cmpstr(form.device, ==, "device");
    g_assert_cmpint(form.width, ==, 3);
    g_assert_cmpint(form.seed, ==, 7);
    g_assert_cmpfloat(form.guidance, ==, 8);
    g_assert_cmpfloat(form.knobs[SFM_JOB_DENOISE][0].number, ==, 255.0 / 11);

    form.job = SFM_JOB_INPAINT;
    sfm_form_init(&copy);
    sfm_form_copy(&form, &copy);
    g_assert_cmpint(copy.job, ==, SFM_JOB_INPAINT);
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
    form.each[SFM_JOB_GENERATE].count = SFM_MAX_IMAGES + 1;
    refuses(&form, "count must be 0 to 10000, but is 10001");
    form.each[SFM_JOB_GENERATE].count = 0;
    form.each[SFM_JOB_VARY].count = SFM_MAX_IMAGES + 1; // of another job
    g_assert_true(sfm_form_check(&form, NULL));
    form.guidance = NAN;
    refuses(&form, "guidance must be 0 to 100, but is nan");
}

// Only those of the job at hand.
static void test_knob_ranges(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    form.job = SFM_JOB_VARY;
    set_number(&form, "strength", 1.5);
    refuses(&form, "strength must be 0 to 1, but is 1.5");
    form.width = -3; // which it has not
    form.job = SFM_JOB_INTERPOLATE;
    g_assert_true(sfm_form_check(&form, NULL));
    set_text(&form, "mixing", "shaken");
    refuses(&form, "mixing must be one of linear, spherical, inversion, but is \"shaken\"");
    set_text(&form, "mixing", "");
    g_assert_true(sfm_form_check(&form, NULL));
}

static void test_knob_settings(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    form.job = SFM_JOB_INTERPOLATE;
    set_number(&form, "level", 0.3);
    set_text(&form, "script-params", "sampler.eta=0.3");
    g_auto(GStrv) settings = sfm_form_settings(&form, NULL);
    g_assert_cmpuint(g_strv_length(settings), ==, 4);
    g_assert_cmpstr(settings[0], ==, "sampler.eta=0.3");
    g_assert_true(g_str_has_prefix(settings[1], "job.level="));
    g_assert_cmpfloat(g_ascii_strtod(strchr(settings[1], '=') + 1, NULL), ==, 0.3);
    g_assert_cmpstr(settings[2], ==, "job.mixing=linear");

    set_text(&form, "mixing", ""); // the engine's default
    g_auto(GStrv) fewer = sfm_form_settings(&form, NULL);
    g_assert_cmpuint(g_strv_length(fewer), ==, 3);
}

// The size is that of the pictures where there are any.
static void test_request(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    form.width = 40;
    form.height = 30;
    form.seed = 7;
    const SfmJobParams generate = sfm_form_request(&form, NULL);
    g_assert_cmpint(generate.job, ==, SFM_JOB_GENERATE);
    g_assert_cmpint(generate.width, ==, 40);
    g_assert_cmpint(generate.height, ==, 30);
    g_assert_cmpint(generate.num_images, ==, 1);
    form.job = SFM_JOB_VARY;
    form.each[SFM_JOB_VARY].count = 3;
    const SfmJobParams vary = sfm_form_request(&form, NULL);
    g_assert_cmpint(vary.job, ==, SFM_JOB_VARY);
    g_assert_cmpint(vary.width, ==, 0);
    g_assert_cmpint(vary.height, ==, 0);
    g_assert_cmpint(vary.num_images, ==, 3);
    g_assert_cmpint(vary.seed, ==, 7);
}

static void test_settings(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    set_text(&form, "script-params",
             " sampler.eta=0.3  schedule.spacing=trailing\tname='two words' ");
    g_auto(GStrv) settings = sfm_form_settings(&form, NULL);
    g_assert_cmpuint(g_strv_length(settings), >=, 3);
    g_assert_cmpstr(settings[0], ==, "sampler.eta=0.3");
    g_assert_cmpstr(settings[1], ==, "schedule.spacing=trailing");
    g_assert_cmpstr(settings[2], ==, "name=two words");
}

static void test_no_settings(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    form.job = SFM_JOB_VARY;
    set_text(&form, "script-params", " \t");
    g_auto(GStrv) settings = sfm_form_settings(&form, NULL);
    g_assert_nonnull(settings);
    g_assert_cmpuint(g_strv_length(settings), ==, 2);
    g_assert_cmpstr(settings[0], ==, "job.strength=0.5");
    g_assert_cmpstr(settings[1], ==, "job.tile=0");
}

static void test_bad_settings(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    set_text(&form, "script-params", "sampler.eta=0.3 spacing");
    refuses(&form, "script-params: \"spacing\" is not of the form name=value");
    set_text(&form, "script-params", "=1");
    refuses(&form, "script-params: \"=1\" is not of the form name=value");
    set_text(&form, "script-params", "name='open");
    g_assert_false(sfm_form_check(&form, NULL));
}

static void test_card(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    form.seed = 7;
    form.width = 640;
    set_text(&form, "class", "mud");
    sfm_form_take_card(&form, &textures);
    g_assert_cmpstr(form.model, ==, "textures");
    g_assert_cmpstr(form.class_name, ==, ""); // guidance is possible, so none is too
    g_assert_cmpstr(form.schedule, ==, "linear");
    g_assert_cmpstr(form.sampler, ==, "ddpm");
    g_assert_cmpint(form.each[SFM_JOB_GENERATE].steps, ==, 30);
    g_assert_cmpint(form.each[SFM_JOB_INPAINT].steps, ==, 30);
    g_assert_cmpint(form.each[SFM_JOB_DENOISE].steps, ==, 1); // the mean takes one
    g_assert_cmpfloat(form.guidance, ==, 1.5);
    g_assert_cmpint(form.seed, ==, 7);
    g_assert_cmpint(form.width, ==, 640);

    SfmModelInfo strict = textures;
    strict.guidance = false;
    sfm_form_take_card(&form, &strict);
    g_assert_cmpstr(form.class_name, ==, "snow");
    g_assert_cmpfloat(form.guidance, ==, 0);
    form.each[SFM_JOB_VARY].steps = 12;
    form.each[SFM_JOB_INPAINT].steps = 0;
    sfm_form_take_steps(&form, &textures); // where nothing is said
    g_assert_cmpint(form.each[SFM_JOB_VARY].steps, ==, 12);
    g_assert_cmpint(form.each[SFM_JOB_INPAINT].steps, ==, 30);
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

static void test_model_for_a_job(void)
{
    SfmModelInfo latent = textures, broken = textures, good = textures, photo = textures;
    latent.channels = 4;
    latent.photographs = true;
    broken.broken = "unet/config.json is missing";
    photo.photographs = true;
    g_autoptr(GPtrArray) models = g_ptr_array_new();
    g_ptr_array_add(models, &latent);
    g_ptr_array_add(models, &broken);
    g_assert_cmpint(sfm_model_for(models, SFM_JOB_DENOISE), ==, -1);
    g_ptr_array_add(models, &good);
    g_assert_cmpint(sfm_model_for(models, SFM_JOB_DENOISE), ==, 2);
    g_ptr_array_add(models, &photo);
    g_assert_cmpint(sfm_model_for(models, SFM_JOB_DENOISE), ==, 3);
    g_assert_cmpint(sfm_model_for(models, SFM_JOB_INPAINT), ==, 3);
    g_assert_cmpint(sfm_model_for(models, SFM_JOB_GENERATE), ==, 2);
    g_assert_cmpint(sfm_model_for(models, SFM_JOB_VARY), ==, 2);
    g_assert_cmpint(sfm_model_for(models, SFM_JOB_INTERPOLATE), ==, 2);
}

static void test_saved(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    form.each[SFM_JOB_GENERATE] = (SfmFormEach){ 3, 12 };
    form.each[SFM_JOB_VARY] = (SfmFormEach){ 5, 40 };
    form.guidance = 1.25;
    set_text(&form, "class", "forest floor\n=\xc3\xa4");
    form.job = SFM_JOB_VARY;
    set_number(&form, "strength", 0.3);
    form.job = SFM_JOB_DENOISE;
    set_number(&form, "strength", 0.7);
    g_autofree char *text = sfm_form_save(&form);

    g_auto(SfmForm) again;
    sfm_form_init(&again);
    sfm_form_load(&again, text);
    g_assert_cmpint(again.each[SFM_JOB_GENERATE].steps, ==, 12);
    g_assert_cmpint(again.each[SFM_JOB_GENERATE].count, ==, 3);
    g_assert_cmpint(again.each[SFM_JOB_VARY].steps, ==, 40);
    g_assert_cmpint(again.each[SFM_JOB_VARY].count, ==, 5);
    g_assert_cmpint(again.each[SFM_JOB_INPAINT].count, ==, 0);
    g_assert_cmpfloat(again.guidance, ==, 1.25);
    g_assert_cmpstr(again.class_name, ==, "forest floor\n=\xc3\xa4");
    g_assert_cmpint(again.job, ==, SFM_JOB_DENOISE);
    g_assert_cmpfloat(again.knobs[SFM_JOB_VARY][0].number, ==, 0.3);
    g_assert_cmpfloat(again.knobs[SFM_JOB_DENOISE][1].number, ==, 0.7);
}

static void test_spoilt(void)
{
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    form.each[SFM_JOB_VARY].steps = 12;
    sfm_form_load(&form, "\x7f not a key file");
    sfm_form_load(
        &form,
        "[diffusion]\njob=dream\nwidth=wide\nseed=9\n"
        "[vary]\nstrength=7\nsteps=-4\ncount=2.5e9\n[interpolate]\nmixing=shaken\nlevel=0.9\n");
    g_assert_cmpint(form.job, ==, SFM_JOB_GENERATE);
    g_assert_cmpfloat(form.knobs[SFM_JOB_VARY][0].number, ==, 0.5);
    g_assert_cmpfloat(form.knobs[SFM_JOB_INTERPOLATE][0].number, ==, 0.9);
    g_assert_cmpstr(form.knobs[SFM_JOB_INTERPOLATE][1].text, ==, "linear");
    g_assert_cmpint(form.each[SFM_JOB_VARY].steps, ==, 12);
    g_assert_cmpint(form.each[SFM_JOB_VARY].count, ==, 0);
    g_assert_cmpint(form.width, ==, 0);
    g_assert_cmpint(form.seed, ==, 9);
}

static void test_texts(void)
{
    g_autoptr(GError) error =
        g_error_new_literal(SFM_ERROR, SFM_ERROR_NO_MEMORY, "device memory: 9 GiB asked for");
    g_autofree char *text = sfm_error_text(error);
    g_assert_cmpstr(text, ==,
                    "device memory: 9 GiB asked for.\nChoose a smaller size, or smaller tiles.");

    g_autoptr(GError) plain =
        g_error_new_literal(SFM_ERROR, SFM_ERROR_BAD_ARGUMENT, "width must be 0 to 9, but is 10");
    g_autofree char *sentence = sfm_error_text(plain);
    g_assert_cmpstr(sentence, ==, "width must be 0 to 9, but is 10.");

    g_autoptr(GError) told = g_error_new_literal(SFM_ERROR, SFM_ERROR_BAD_FILE,
                                                 "a.png: its profile is damaged; convert it");
    g_autofree char *once = sfm_error_text(told);
    g_assert_cmpstr(once, ==, "a.png: its profile is damaged; convert it.");

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

    g_autofree char *one = sfm_result_name(SFM_JOB_DENOISE, "Photo", 7);
    g_assert_cmpstr(one, ==, "Denoise, Photo, seed 7");
    g_autofree char *second = sfm_layer_name(SFM_JOB_GENERATE, "Textures", 7, 2, 0);
    g_assert_cmpstr(second, ==, "Generate, Textures, seed 7, number 2");
    g_autofree char *frame = sfm_layer_name(SFM_JOB_GENERATE, "Textures", 7, 2, 3);
    g_assert_cmpstr(frame, ==, "Generate, Textures, seed 7, number 2, frame 3");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/form/arguments_keep_the_order_that_callers_by_position_know", test_order);
    g_test_add_func("/form/arguments_have_names_that_hosts_take_and_words_for_people", test_names);
    g_test_add_func("/form/each_job_has_a_procedure_of_its_name", test_procedures);
    g_test_add_func("/form/leaves_every_choice_to_the_card_at_first", test_defaults);
    g_test_add_func("/form/holds_and_copies_every_argument", test_every_field_holds);
    g_test_add_func("/form/refuses_numbers_out_of_range_by_name", test_ranges);
    g_test_add_func("/form/refuses_knobs_of_its_job_out_of_range", test_knob_ranges);
    g_test_add_func("/form/hands_the_knobs_of_its_job_to_the_engine", test_knob_settings);
    g_test_add_func("/form/asks_for_a_size_only_where_there_is_no_picture", test_request);
    g_test_add_func("/form/splits_script_parameters_as_a_shell_does", test_settings);
    g_test_add_func("/form/no_script_parameters_are_an_empty_list", test_no_settings);
    g_test_add_func("/form/refuses_script_parameters_without_name_and_value", test_bad_settings);
    g_test_add_func("/form/takes_the_choices_of_the_card_but_not_seed_and_size", test_card);
    g_test_add_func("/form/refuses_models_that_are_broken_or_make_no_picture", test_models);
    g_test_add_func("/form/finds_the_model_for_a_job", test_model_for_a_job);
    g_test_add_func("/form/comes_back_from_what_it_saved", test_saved);
    g_test_add_func("/form/passes_over_what_is_spoilt_in_a_saved_one", test_spoilt);
    g_test_add_func("/form/texts_say_what_happened_and_what_to_do", test_texts);
    return g_test_run();
}
