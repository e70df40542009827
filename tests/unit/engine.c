// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the public header promises, on the reference device, with a small
// published model of 16x16 pixels.

#include <sfumato/engine.h>

#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

#include "job/defaults.h"

static char *model_path, *data_dir;

static SfmEngine *open_engine(void)
{
    const SfmEngineParams params = { .device = "reference", .data_dir = data_dir };
    g_autoptr(GError) error = NULL;
    SfmEngine *engine = sfm_engine_new(&params, &error);

    g_assert_no_error(error);
    return engine;
}

// Two steps of DDPM, which draws noise.
static SfmJobParams small_request(void)
{
    return (SfmJobParams){ .model = model_path, .num_steps = 2, .seed = 5 };
}

static void generate(SfmEngine *engine, const SfmJobParams *params, SfmImage *images)
{
    g_autoptr(GError) error = NULL;

    sfm_engine_run(engine, params, images, &error);
    g_assert_no_error(error);
}

static size_t num_values(const SfmImage *image)
{
    return (size_t)image->width * (size_t)image->height * (size_t)image->channels;
}

static void assert_same(const SfmImage *a, const SfmImage *b)
{
    g_assert_cmpuint(num_values(a), ==, num_values(b));
    g_assert_cmpmem(a->pixels, num_values(a) * sizeof(float), b->pixels,
                    num_values(b) * sizeof(float));
    g_assert_cmpstr(a->recipe, ==, b->recipe);
}

static void clear(SfmImage *images, int num)
{
    for (int i = 0; i < num; i++)
        sfm_image_clear(&images[i]);
}

static void refuses(const SfmJobParams *params, SfmError code, const char *pattern)
{
    g_autoptr(SfmEngine) engine = open_engine();
    g_autoptr(GError) error = NULL;
    SfmImage image = { .width = 123 };

    g_assert_false(sfm_engine_run(engine, params, &image, &error));
    g_assert_error(error, SFM_ERROR, (int)code);
    if (!g_pattern_match_simple(pattern, error->message))
        g_error("got \"%s\", wanted \"%s\"", error->message, pattern);
    g_assert_cmpint(image.width, ==, 123);
}

static void gives_an_image_the_same_bits_in_any_company(void)
{
    g_autoptr(SfmEngine) engine = open_engine();
    SfmJobParams params = small_request();
    SfmImage alone[1] = { 0 }, sixteen[16] = { 0 }, twenty[20] = { 0 };

    generate(engine, &params, alone);
    params.num_images = 16; // at once
    generate(engine, &params, sixteen);
    params.num_images = 20; // ten, and ten
    generate(engine, &params, twenty);
    assert_same(&alone[0], &sixteen[0]);
    assert_same(&sixteen[2], &twenty[2]);
    assert_same(&sixteen[12], &twenty[12]);
    g_assert_cmpint(memcmp(twenty[0].pixels, twenty[19].pixels, sizeof(float) * 100), !=, 0);
    g_assert_nonnull(strstr(twenty[19].recipe, "\"image\": 19"));
    clear(alone, 1);
    clear(sixteen, 16);
    clear(twenty, 20);
}

static void hands_out_clamped_pixels(void)
{
    g_autoptr(SfmEngine) engine = open_engine();
    SfmJobParams params = small_request();
    g_auto(SfmImage) image = { 0 };

    generate(engine, &params, &image);
    g_assert_cmpint(image.width, ==, 16);
    g_assert_cmpint(image.height, ==, 16);
    g_assert_cmpint(image.channels, ==, 3);
    for (size_t i = 0; i < num_values(&image); i++)
        g_assert_true(image.pixels[i] >= 0.0F && image.pixels[i] <= 1.0F);
}

// The network halves the size once: 13x9 runs at 14x10.
static void cuts_odd_sizes_from_the_next_that_fits(void)
{
    g_autoptr(SfmEngine) engine = open_engine();
    SfmJobParams params = small_request();
    g_auto(SfmImage) odd = { 0 }, even = { 0 };

    params.width = 13;
    params.height = 9;
    generate(engine, &params, &odd);
    params.width = 14;
    params.height = 10;
    generate(engine, &params, &even);
    g_assert_cmpint(odd.width, ==, 13);
    g_assert_cmpint(odd.height, ==, 9);
    for (int y = 0; y < 9; y++)
        g_assert_cmpmem(odd.pixels + y * 13 * 3, 13 * 3 * sizeof(float), even.pixels + y * 14 * 3,
                        13 * 3 * sizeof(float));
}

static void makes_one_side_a_square(void)
{
    g_autoptr(SfmEngine) engine = open_engine();
    SfmJobParams params = small_request();
    g_auto(SfmImage) image = { 0 };

    params.height = 6;
    generate(engine, &params, &image);
    g_assert_cmpint(image.width, ==, 6);
}

// The scheduler's file says fixed_large; the settings have the last word.
static void takes_the_variance_of_the_published_scheduler(void)
{
    g_autoptr(SfmEngine) engine = open_engine();
    SfmJobParams params = small_request();
    g_auto(SfmImage) published = { 0 }, set = { 0 };

    generate(engine, &params, &published);
    g_assert_nonnull(strstr(published.recipe, "variance=large"));
    g_assert_nonnull(strstr(published.recipe, "final_noise=true"));
    params.settings = (const char *const[]){ "variance=small", NULL };
    generate(engine, &params, &set);
    g_assert_nonnull(strstr(set.recipe, "variance=small"));
    g_assert_cmpint(memcmp(published.pixels, set.pixels, sizeof(float) * 100), !=, 0);
}

// What holds with the published schedule alone is not set with another; what was
// chosen for another sampler neither.
static void takes_settings_only_for_the_scripts_that_they_are_for(void)
{
    g_autoptr(SfmEngine) engine = open_engine();
    SfmJobParams params = small_request();
    g_auto(SfmImage) karras = { 0 }, ddim = { 0 };

    params.schedule = "karras";
    generate(engine, &params, &karras);
    g_assert_nonnull(strstr(karras.recipe, "variance=large"));
    g_assert_nonnull(strstr(karras.recipe, "final_noise=false"));
    params.schedule = NULL;
    params.sampler = "ddim";
    generate(engine, &params, &ddim);
    g_assert_nonnull(strstr(ddim.recipe, "\"name\": \"trained\""));
    g_assert_nonnull(strstr(ddim.recipe, "stride=0"));
}

static void writes_down_all_that_made_it(void)
{
    g_autoptr(SfmEngine) engine = open_engine();
    SfmJobParams params = small_request();
    g_auto(SfmImage) image = { 0 };
    const char *const wanted[] = {
        "\"engine\": \"",
        "\"job\": \"generate\"",
        "\"name\": \"model\"",
        "\"hash\": \"",
        "\"name\": \"trained\"",
        "\"name\": \"ddpm\"",
        "\"steps\": 2",
        "\"seed\": 5",
        "\"noise\": \"philox\"",
        "\"image\": 0",
        "\"width\": 16",
        "\"height\": 16",
        "\"guidance\": 1",
        "\"precision\": \"fp32\"",
        "\"device\": \"reference\"",
    };

    generate(engine, &params, &image);
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
        if (!strstr(image.recipe, wanted[i]))
            g_error("%s is not in %s", wanted[i], image.recipe);
    }
}

static void a_score_network_has_no_timesteps_to_predict_at(void)
{
    static const char text[] = "return diffusion.sampler { api = 1, name = 'asks', "
                               "sample = function(ctx, x) return ctx:predict(x, 0) end }";
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("sfumato-XXXXXX", &error);
    g_assert_no_error(error);
    g_autofree char *script = g_build_filename(folder, "asks.lua", NULL);
    g_autofree char *model =
        g_test_build_filename(G_TEST_DIST, "fixtures", "models", "08_ncsnpp_like", NULL);
    const SfmJobParams params = { .model = model, .sampler = script, .num_steps = 1, .width = 8 };

    g_assert_true(g_file_set_contents(script, text, -1, NULL));
    refuses(&params, SFM_ERROR_BAD_SCRIPT, "*the model has no timesteps to predict at*");
    g_unlink(script);
    g_rmdir(folder);
}

// NCSN++: told sigma instead of a timestep, data in 0 .. 1, starts at sigma z.
static void makes_pictures_with_score_networks(void)
{
    g_autoptr(SfmEngine) engine = open_engine();
    g_autofree char *model =
        g_test_build_filename(G_TEST_DIST, "fixtures", "models", "08_ncsnpp_like", NULL);
    const SfmJobParams params = { .model = model, .num_steps = 1, .width = 8 };
    g_auto(SfmImage) image = { 0 };

    generate(engine, &params, &image);
    g_assert_cmpint(image.width * image.height * image.channels, ==, 8 * 8 * 3);
}

static void draws_as_torch_does_when_asked(void)
{
    g_autoptr(SfmEngine) engine = open_engine();
    SfmJobParams params = small_request();
    g_auto(SfmImage) philox = { 0 }, torch = { 0 }, again = { 0 };

    generate(engine, &params, &philox);
    params.noise = SFM_NOISE_TORCH;
    generate(engine, &params, &torch);
    generate(engine, &params, &again);
    assert_same(&torch, &again);
    g_assert_cmpint(memcmp(philox.pixels, torch.pixels, sizeof(float) * 100), !=, 0);
    g_assert_nonnull(strstr(torch.recipe, "\"noise\": \"torch\", \"image\": 0, \"count\": 1"));
}

// Counts what the engine says.
static void count_messages(const char *domain, GLogLevelFlags level, const char *message,
                           void *user_data)
{
    if (strstr(message, "starts at sigma"))
        ++*(int *)user_data;
}

// Published schedulers start two steps with leading spacing at timestep 500 of
// 1000, far below the last: that is as it should be.
static void warns_of_a_start_below_the_usual_alone(void)
{
    static const char low[] = "return diffusion.schedule { api = 1, name = 'low', sigmas = "
                              "function() return { timesteps = { 20, 0 } } end }";
    g_autoptr(SfmEngine) engine = open_engine();
    g_autofree char *folder = g_dir_make_tmp("sfumato-XXXXXX", NULL);
    g_autofree char *script = g_build_filename(folder, "low.lua", NULL);
    SfmJobParams params = small_request();
    g_auto(SfmImage) image = { 0 }, flat = { 0 };
    int count = 0;
    g_log_set_default_handler(count_messages, &count);

    generate(engine, &params, &image);
    g_assert_cmpint(count, ==, 0);
    g_assert_true(g_file_set_contents(script, low, -1, NULL));
    params.schedule = script;
    generate(engine, &params, &flat);
    g_assert_cmpint(count, ==, 1);
    g_log_set_default_handler(g_log_default_handler, NULL);
    g_unlink(script);
    g_rmdir(folder);
}

// ---- progress and cancelling ------------------------------------------------

typedef struct {
    SfmEngine *engine;
    int cancel_at; // the step at which to cancel; -1: never
    int reports;
    SfmProgress last;
} Watch;

static void watch(const SfmProgress *progress, void *user_data)
{
    Watch *w = user_data;

    g_assert_cmpfloat(progress->fraction, >=, w->last.fraction);
    g_assert_cmpint(progress->step, >=, w->last.step);
    g_assert_true(progress->stage >= w->last.stage);
    w->last = *progress;
    w->reports++;
    if (progress->step == w->cancel_at)
        sfm_engine_cancel(w->engine);
}

static void progress_goes_from_nothing_to_the_end(void)
{
    g_autoptr(SfmEngine) engine = open_engine();
    SfmJobParams params = small_request();
    Watch w = { .cancel_at = -1 };
    SfmImage images[3] = { 0 };

    params.num_images = 3;
    params.progress = watch;
    params.user_data = &w;
    generate(engine, &params, images);
    g_assert_cmpint(w.reports, >=, 3);
    g_assert_cmpint(w.last.step, ==, 6); // of all images
    g_assert_cmpint(w.last.num_steps, ==, 6);
    g_assert_cmpfloat(w.last.fraction, ==, 1.0);
    g_assert_cmpfloat(w.last.remaining, ==, 0.0);
    clear(images, 3);
}

// As soon as steps are counted, there is nothing more to read.
static void remove_config(const SfmProgress *progress, void *config)
{
    if (progress->stage == SFM_STAGE_SAMPLE)
        g_unlink(config);
}

static void copy_file(const char *from, const char *to, const char *name)
{
    g_autofree char *source = g_build_filename(from, name, NULL);
    g_autofree char *target = g_build_filename(to, name, NULL);
    g_autofree char *folder = g_path_get_dirname(target);
    g_autofree char *bytes = NULL;
    gsize size;

    g_mkdir_with_parents(folder, 0700);
    g_assert_true(g_file_get_contents(source, &bytes, &size, NULL));
    g_assert_true(g_file_set_contents(target, bytes, (gssize)size, NULL));
}

static void hashes_the_model_before_the_first_step(void)
{
    static const char *const files[] = { "model_index.json", "unet/config.json",
                                         "unet/diffusion_pytorch_model.safetensors",
                                         "scheduler/scheduler_config.json" };
    static const char *const folders[] = { "unet", "scheduler", "" };
    g_autoptr(SfmEngine) engine = open_engine();
    g_autofree char *copy = g_dir_make_tmp("sfumato-XXXXXX", NULL);
    g_autofree char *config = g_build_filename(copy, "unet", "config.json", NULL);
    SfmJobParams params = small_request();
    g_auto(SfmImage) image = { 0 };

    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        copy_file(model_path, copy, files[i]);
    params.model = copy;
    params.progress = remove_config;
    params.user_data = config;
    generate(engine, &params, &image);
    g_assert_false(g_file_test(config, G_FILE_TEST_EXISTS));
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(copy, files[i], NULL);
        g_unlink(path);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path = g_build_filename(copy, folders[i], NULL);
        g_rmdir(path);
    }
}

static void assert_cancelled(SfmEngine *engine, const SfmJobParams *params)
{
    g_autoptr(GError) error = NULL;
    SfmImage image = { .width = 123 };

    g_assert_false(sfm_engine_run(engine, params, &image, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_CANCELLED);
    g_assert_cmpint(image.width, ==, 123); // untouched
}

static void cancel_ends_the_job_at_hand_and_no_other(void)
{
    g_autoptr(SfmEngine) engine = open_engine();
    SfmJobParams params = small_request();
    Watch w = { .engine = engine, .cancel_at = 1 };
    g_auto(SfmImage) image = { 0 };

    params.progress = watch;
    params.user_data = &w;
    assert_cancelled(engine, &params);
    g_assert_cmpint(w.last.step, ==, 1);

    sfm_engine_cancel(engine); // with no job: the next one
    params.progress = NULL;
    assert_cancelled(engine, &params);

    generate(engine, &params, &image);
}

static void steps_are_the_pipelines_with_its_own_sampler(void)
{
    SfmModel model = { .scheduler = { .class_name = (char *)"DDPMScheduler",
                                      .num_train_timesteps = 1000 } };

    g_assert_cmpint(sfm_default_steps(&model, "ddpm"), ==, 1000);
    g_assert_cmpint(sfm_default_steps(&model, "ddim"), ==, 50);
    model.pipeline = SFM_PIPELINE_DDIM;
    model.scheduler.class_name = (char *)"DDIMScheduler";
    g_assert_cmpint(sfm_default_steps(&model, "ddim"), ==, 50);
    g_assert_cmpint(sfm_default_steps(&model, "ddpm"), ==, 250);
    model.pipeline = SFM_PIPELINE_CONSISTENCY;
    model.scheduler.class_name = (char *)"CMStochasticIterativeScheduler";
    g_assert_cmpint(sfm_default_steps(&model, "consistency"), ==, 1);
    model.scheduler.num_train_timesteps = 20; // no more than there are
    g_assert_cmpint(sfm_default_steps(&model, "ddim"), ==, 20);
    model.card.steps = 7;
    g_assert_cmpint(sfm_default_steps(&model, "ddpm"), ==, 7);
}

// ---- what is refused --------------------------------------------------------

static void refuses_requests_that_make_no_sense(void)
{
    const struct {
        SfmJobParams params;
        SfmError code;
        const char *pattern;
    } cases[] = {
        { { .model = NULL }, SFM_ERROR_BAD_ARGUMENT, "model: none was given" },
        { { .model = "nothing" }, SFM_ERROR_NOT_FOUND, "nothing: *" },
        { { .num_steps = -1 }, SFM_ERROR_BAD_ARGUMENT, "steps: -1 is not in 1 .. 1000*" },
        { { .num_steps = 1001 }, SFM_ERROR_BAD_ARGUMENT, "steps: 1001 is not in 1 .. 1000*" },
        { { .seed = -1 }, SFM_ERROR_BAD_ARGUMENT, "seed: -1 is not in 0 .. 2147483647" },
        { { .num_images = -1 }, SFM_ERROR_BAD_ARGUMENT, "count: -1 is not in *" },
        { { .width = -5 }, SFM_ERROR_BAD_ARGUMENT, "width: -5 is not in *" },
        { { .width = 99999, .height = 99999 }, SFM_ERROR_BAD_ARGUMENT, "size: 99999x99999 *" },
        { { .class_name = "cat" }, SFM_ERROR_BAD_ARGUMENT, "class: \"cat\" was asked for*" },
        { { .guidance = NAN }, SFM_ERROR_BAD_ARGUMENT, "guidance: * is not in *" },
        { { .guidance = 2.0 }, SFM_ERROR_BAD_ARGUMENT, "guidance: 2 needs *null_class" },
        { { .sampler = "dpm" },
          SFM_ERROR_NOT_FOUND,
          "sampler: there is no \"dpm\", did you*ddpm*" },
        { { .schedule = "x" }, SFM_ERROR_NOT_FOUND, "schedule: there is no \"x\"; there are *" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        SfmJobParams params = cases[i].params;
        if (i >= 2)
            params.model = model_path;
        refuses(&params, cases[i].code, cases[i].pattern);
    }
}

// The card of textures says so of number 8, lava.
static void refuses_a_class_that_was_never_trained(void)
{
    static const char *const cases[][2] = {
        { "lava", "class: \"lava\" is named by the card of textures but was never trained; it has "
                  "snow, grass, *, rock, other" },
        { "LAVA", "class: \"LAVA\" is named by the card of textures but was never trained; *" },
        { "8", "class: \"8\" is named by the card of textures but was never trained; *" },
        { "laava", "class: textures has no \"laava\"; it has snow, *" },
        { "10", "class: textures has no \"10\"; it has snow, *" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const SfmJobParams params = { .model = "textures", .class_name = cases[i][0] };
        refuses(&params, SFM_ERROR_BAD_ARGUMENT, cases[i][1]);
    }
}

static void leaves_out_a_class_that_was_never_trained(void)
{
    g_autoptr(SfmModelInfo) textures = sfm_find_model(data_dir, "textures", NULL);

    g_assert_cmpuint(textures->num_classes, ==, 9); // of ten
    g_assert_cmpstr(textures->classes[7], ==, "rock");
    g_assert_cmpstr(textures->classes[8], ==, "other");
    g_assert_null(textures->classes[9]);
}

static void refuses_settings_that_nobody_has(void)
{
    const char *const cases[][2] = {
        { "eta", "set: \"eta\" is not of the form name=value" },
        { "=3", "set: \"=3\" is not of the form name=value" },
        { "varience=small", "set: neither *\"varience\", did you mean \"variance\"?" },
        { "sampler.eta=0.3", "*eta*" },
        { "variance=huge", "*variance*huge*" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        SfmJobParams params = small_request();
        params.settings = (const char *const[]){ cases[i][0], NULL };
        refuses(&params, SFM_ERROR_BAD_ARGUMENT, cases[i][1]);
    }
}

// ---- the rest ---------------------------------------------------------------

static void lists_models_and_scripts(void)
{
    g_autoptr(GPtrArray) models = sfm_list_models(data_dir, NULL);
    g_autoptr(SfmScriptLibrary) library = sfm_script_library_new(data_dir);
    g_autoptr(GPtrArray) samplers = sfm_script_library_choices(library, SFM_SCRIPT_SAMPLER);
    g_autoptr(SfmModelInfo) digits = sfm_find_model(data_dir, "digits", NULL);

    g_assert_cmpuint(models->len, >=, 3);
    g_assert_cmpuint(samplers->len, >=, 2);
    g_assert_cmpuint(digits->num_classes, ==, 10); // the eleventh means none
    g_assert_cmpstr(digits->classes[7], ==, "7");
    g_assert_true(digits->guidance);
    g_assert_cmpfloat(digits->default_guidance, ==, 1.5);
    g_assert_cmpint(digits->channels, ==, 1);
    g_assert_cmpint(digits->width, ==, 24);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    model_path = g_test_build_filename(G_TEST_DIST, "fixtures", "pipeline", "model", NULL);
    data_dir = g_test_build_filename(G_TEST_DIST, "..", NULL);

#define TEST(name) g_test_add_func("/job/engine/" #name, name)
    TEST(gives_an_image_the_same_bits_in_any_company);
    TEST(hands_out_clamped_pixels);
    TEST(cuts_odd_sizes_from_the_next_that_fits);
    TEST(makes_one_side_a_square);
    TEST(takes_the_variance_of_the_published_scheduler);
    TEST(takes_settings_only_for_the_scripts_that_they_are_for);
    TEST(writes_down_all_that_made_it);
    TEST(makes_pictures_with_score_networks);
    TEST(a_score_network_has_no_timesteps_to_predict_at);
    TEST(draws_as_torch_does_when_asked);
    TEST(warns_of_a_start_below_the_usual_alone);
    TEST(hashes_the_model_before_the_first_step);
    TEST(progress_goes_from_nothing_to_the_end);
    TEST(cancel_ends_the_job_at_hand_and_no_other);
    TEST(steps_are_the_pipelines_with_its_own_sampler);
    TEST(refuses_requests_that_make_no_sense);
    TEST(refuses_a_class_that_was_never_trained);
    TEST(leaves_out_a_class_that_was_never_trained);
    TEST(refuses_settings_that_nobody_has);
    TEST(lists_models_and_scripts);
    const int result = g_test_run();
    g_free(model_path);
    g_free(data_dir);
    return result;
}
