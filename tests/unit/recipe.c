// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recipes, read as hostile input.

#include <sfumato/recipe.h>

#include <string.h>

#include "job_trial.h"

#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HASH_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

// What job/recipe.c writes of a picture between two.
static const char whole[] =
    "{\"engine\": \"0.1.0\", \"recipe\": 2, \"job\": \"interpolate\", "
    "\"job_settings\": [\"level=0.5\", \"mixing=linear\"], "
    "\"inputs\": [{\"name\": \"from\", \"hash\": \"" HASH_A "\"}, "
    "{\"name\": \"to\", \"hash\": \"" HASH_B "\"}], "
    "\"model\": {\"name\": \"digits\", \"hash\": \"" HASH_A "\"}, "
    "\"schedule\": {\"name\": \"linear\", \"hash\": \"" HASH_B "\", \"settings\": [\"rho=7\"]}, "
    "\"sampler\": {\"name\": \"ddim\", \"hash\": \"" HASH_A "\", \"settings\": [\"eta=0.3\"]}, "
    "\"steps\": 20, \"seed\": 2147483647, \"noise\": \"philox\", \"image\": 1, \"count\": 3, "
    "\"width\": 16, \"height\": 12, \"class\": \"7\", \"guidance\": 1.5, "
    "\"precision\": \"fp32\", \"device\": \"llvmpipe\", "
    "\"notes\": [{\"key\": \"a\", \"value\": \"b\"}]}";

// A copy in which the first `from` is `to`.
static char *with(const char *from, const char *to)
{
    const char *at = strstr(whole, from);

    g_assert_nonnull(at);
    return g_strdup_printf("%.*s%s%s", (int)(at - whole), whole, to, at + strlen(from));
}

static void refuses_text(const char *json, const char *pattern)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(sfm_recipe_parse(json, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_RECIPE);
    if (!g_pattern_match_simple(pattern, error->message))
        g_error("got \"%s\", wanted \"%s\"", error->message, pattern);
    g_assert_null(strchr(error->message, '\n'));
}

static void refuses_change(const char *from, const char *to, const char *pattern)
{
    g_autofree char *json = with(from, to);
    refuses_text(json, pattern);
}

static SfmRecipe *parse(const char *json)
{
    g_autoptr(GError) error = NULL;
    SfmRecipe *recipe = sfm_recipe_parse(json, &error);

    g_assert_no_error(error);
    return recipe;
}

// ---- reading ----------------------------------------------------------------

static void a_recipe_is_a_request(void)
{
    const char *const settings[] = { "job.level=0.5", "job.mixing=linear", "schedule.rho=7",
                                     "sampler.eta=0.3" };
    g_autoptr(SfmRecipe) recipe = parse(whole);
    const SfmJobParams *p = sfm_recipe_params(recipe);

    g_assert_cmpint((int)p->job, ==, (int)SFM_JOB_INTERPOLATE);
    g_assert_cmpstr(p->model, ==, "digits");
    g_assert_cmpstr(p->schedule, ==, "linear");
    g_assert_cmpstr(p->sampler, ==, "ddim");
    g_assert_cmpint(p->num_steps, ==, 20);
    g_assert_cmpint((int)p->seed, ==, SFM_MAX_SEED);
    g_assert_cmpint(p->num_images, ==, 3);
    g_assert_cmpint(p->only, ==, 2);
    g_assert_cmpint(p->width, ==, 0); // its pictures have the size
    g_assert_cmpstr(p->class_name, ==, "7");
    g_assert_cmpfloat(p->guidance, ==, 1.5);
    for (size_t i = 0; i < G_N_ELEMENTS(settings); i++)
        g_assert_cmpstr(p->settings[i], ==, settings[i]);
    g_assert_null(p->settings[G_N_ELEMENTS(settings)]);
}

static void a_recipe_says_what_it_was_made_with(void)
{
    g_autoptr(SfmRecipe) recipe = parse(whole);
    const SfmRecipeInfo *info = sfm_recipe_info(recipe);

    g_assert_cmpstr(info->engine, ==, "0.1.0");
    g_assert_cmpstr(info->device, ==, "llvmpipe");
    g_assert_cmpstr(info->model.hash, ==, HASH_A);
    g_assert_cmpstr(info->schedule.hash, ==, HASH_B);
    g_assert_cmpuint(info->num_inputs, ==, 2);
    g_assert_cmpstr(info->inputs[1].name, ==, "to");
    g_assert_cmpstr(info->inputs[1].hash, ==, HASH_B);
    g_assert_cmpint(info->image, ==, 1);
    g_assert_cmpint(info->frame, ==, 0);
    g_assert_cmpint(info->picture, ==, 0);
}

#define CALL          "conv2d 64x32x32 64x3x3 64 > 64x32x32"
#define WITH(kernels) "\"device\"", "\"kernels\": " kernels ", \"device\""

static void a_recipe_says_which_kernels_ran(void)
{
    g_autofree char *json = with(WITH("{\"" CALL "\": \"lavapipe/conv\"}"));
    g_autoptr(SfmRecipe) tuned = parse(json), usual = parse(whole);

    g_assert_cmpstr(sfm_recipe_params(tuned)->kernels[0], ==, CALL " = lavapipe/conv");
    g_assert_null(sfm_recipe_params(tuned)->kernels[1]);
    g_assert_nonnull(sfm_recipe_params(usual)->kernels); // not what this machine was tuned to
    g_assert_null(sfm_recipe_params(usual)->kernels[0]);
}

static void refuses_kernels_that_this_build_lacks(void)
{
    refuses_change(WITH("{\"" CALL "\": \"lavapipe/winograd8\"}"),
                   "recipe: kernels: this version of Sfumato has no \"lavapipe/winograd8\" for "
                   "\"" CALL
                   "\", which one of these runs: lavapipe/*, conv2d; make the picture with "
                   "the version that wrote it");
    refuses_change(WITH("{\"" CALL "\": \"lavapipe/add\"}"),
                   "recipe: kernels: this version of Sfumato has no \"lavapipe/add\" for*");
    refuses_change(
        WITH("{\"mystery 4 > 4\": \"lavapipe/conv\"}"),
        "recipe: kernels: \"mystery 4 > 4 = lavapipe/conv\" does not name a call and the "
        "kernel for it; make the picture with the version that wrote it");
    refuses_change(WITH("[\"lavapipe/conv\"]"), "recipe: kernels: * is not at most * calls*");
    refuses_change(WITH("{\"" CALL "\": 3}"), "recipe: kernels: 3 is not a printable line*");
    refuses_change(WITH("{\"" CALL "\": \"a\", \"" CALL "\": \"a\"}"), "*not JSON: duplicate*");
}

#define MADE_IN(precision, family) "\"fp32\"", "\"" precision "\", \"family\": " family

static void a_recipe_says_which_family_ran(void)
{
    g_autofree char *json = with(MADE_IN("fp16", "\"gpu\""));
    g_autofree char *reference = with(MADE_IN("fp32", "\"reference\""));
    g_autoptr(SfmRecipe) halves = parse(json), slow = parse(reference), older = parse(whole);

    g_assert_cmpstr(sfm_recipe_info(halves)->family, ==, "gpu");
    g_assert_cmpstr(sfm_recipe_params(halves)->maker.family, ==, "gpu");
    g_assert_cmpstr(sfm_recipe_params(halves)->maker.device, ==, "llvmpipe");
    g_assert_cmpstr(sfm_recipe_info(slow)->family, ==, "reference");
    g_assert_null(sfm_recipe_info(older)->family);
    g_assert_null(sfm_recipe_params(older)->maker.family);
}

static void refuses_families_that_this_build_lacks(void)
{
    refuses_change(MADE_IN("fp16", "\"npu\""),
                   "recipe: family: this version of Sfumato has no \"npu\"; make the picture with "
                   "the version that wrote it");
    refuses_change(MADE_IN("fp32", "\"\""), "recipe: family: *");
    refuses_change(MADE_IN("fp32", "\"GPU\""), "recipe: family: *has no \"GPU\"; make*");
    refuses_change(MADE_IN("fp32", "\"gpu\\u001b[31m\""), "recipe: family: *");
    refuses_change(MADE_IN("fp32", "null"), "recipe: family: *");
    refuses_change(MADE_IN("fp32", "[\"gpu\"]"), "recipe: family: *");
    refuses_change(MADE_IN("fp16", "\"gpu\", \"family\": \"gpu\""), "*not JSON: duplicate*");
}

static void refuses_a_precision_that_the_family_has_not(void)
{
    refuses_change(MADE_IN("fp32", "\"gpu\""),
                   "recipe: precision: fp32 is not what the family \"gpu\" has; take*");
    refuses_change(MADE_IN("fp16", "\"gpu-fp32\""),
                   "recipe: precision: fp16 is not what the family \"gpu-fp32\" has; take*");
    refuses_change(MADE_IN("fp16", "\"reference\""),
                   "recipe: precision: fp16 is not what the family \"reference\" has; take*");
}

// ---- damage -----------------------------------------------------------------

static void refuses_what_is_no_recipe(void)
{
    g_autoptr(GString) deep = g_string_new("{\"recipe\": 2, \"notes\": ");
    for (int i = 0; i < 100000; i++)
        g_string_append_c(deep, '[');
    g_autofree char *huge = g_strnfill(2 * 1024 * 1024, ' ');

    refuses_text("", "recipe: *; take the recipe from the picture as Sfumato wrote it");
    refuses_text("[]", "recipe: *; take the recipe*");
    refuses_text("{}", "recipe: \"recipe\" is missing: this is no recipe of Sfumato; take*");
    refuses_text("{\"recipe\": 2", "recipe: line 1: not JSON: *");
    refuses_text("{\"recipe\": 2, \"recipe\": 2}", "recipe: line 1: not JSON: duplicate*");
    refuses_text(deep->str, "recipe: JSON nested more than 32 deep; *");
    refuses_text(huge, "recipe: is of 2097152 bytes, and a recipe has at most 1048576; *");
}

static void refuses_another_version(void)
{
    refuses_change("\"recipe\": 2", "\"recipe\": 3, \"new\": {}",
                   "recipe: is of version 3, and this Sfumato reads version 2; make the picture "
                   "with the Sfumato that wrote it, 0.1.0");
    refuses_change("\"recipe\": 2", "\"recipe\": 1", "recipe: is of version 1, and*");
    refuses_change("\"recipe\": 2", "\"recipe\": 2.5", "recipe: is of version 2.5, and*");
    refuses_change("\"recipe\": 2", "\"recipe\": \"2\"", "recipe: is of version '2', and*");
}

static void refuses_a_key_that_it_does_not_know(void)
{
    refuses_change("\"steps\"", "\"tint\": 3, \"steps\"", "recipe: \"tint\" is not a key that*");
    refuses_change("\"settings\": [\"eta", "\"seed\": 3, \"settings\": [\"eta",
                   "recipe: \"sampler.seed\" is not a key that*");
    refuses_change("\"value\"", "\"worth\"", "recipe: \"notes.worth\" is not a key that*");
    refuses_change("\"steps\"", "\"\\u001b[31m\": 3, \"steps\"", "recipe: \"?[31m\" is not a key*");
}

static void refuses_what_is_missing(void)
{
    refuses_change("\"steps\": 20, ", "", "recipe: \"steps\" is missing; *");
    refuses_change("\"device\": \"llvmpipe\", ", "", "recipe: \"device\" is missing; *");
    refuses_change("\"count\": 3, ", "", "recipe: \"count\" is missing; *");
    refuses_change(", \"settings\": [\"eta=0.3\"]", "",
                   "recipe: \"sampler.settings\" is missing; *");
    refuses_change("\"hash\": \"" HASH_B "\", ", "", "recipe: schedule: \"hash\" is missing; *");
    refuses_change(", {\"name\": \"to\", \"hash\": \"" HASH_B "\"}", "",
                   "recipe: inputs: the job interpolate reads its to as number 2, which is "
                   "missing; *");
}

static void refuses_wrong_types_and_numbers_out_of_range(void)
{
    static const struct {
        const char *from, *to, *pattern;
    } trials[] = {
        { "20,", "\"20\",", "recipe: steps: '20' is not a finite number; *" },
        { "20,", "0,", "recipe: steps: 0 is not between 1 and *" },
        { "20,", "1e300,", "recipe: steps: 1e+300 is not between*" },
        { "20,", "2.5,", "recipe: steps: 2.5 is not a whole number; *" },
        { "2147483647", "2147483648", "recipe: seed: *" },
        { "2147483647", "-1", "recipe: seed: -1 is not*" },
        { "1.5", "0", "recipe: guidance: 0 is not above 0; *" },
        { "1.5", "Infinity", "recipe: guidance: 'Infinity' is not*" },
        { "\"image\": 1", "\"image\": 3", "recipe: image: 3 is none of 3; *" },
        { "\"count\": 3", "\"count\": 10001", "recipe: image: 1 is none of 10000; *" },
        { "\"width\"", "\"frame\": 1, \"width\"", "recipe: frame: 1 is none of 0; *" },
        { "\"philox\"", "\"white\"", "recipe: noise: 'white' is not supported; philox and*" },
        { "\"fp32\"", "\"fp64\"", "recipe: precision: 'fp64' is not supported; fp32 and fp16 are" },
        { "\"fp32\"", "\"fp16\"", "recipe: precision: fp16, and \"family\" is missing; take*" },
        { "\"interpolate\"", "\"invent\"", "recipe: job: this version of Sfumato has no*" },
        { "[\"level=0.5\"", "[7", "recipe: job_settings: 7 is not of the form name=value; *" },
        { "[\"rho=7\"]", "\"rho=7\"", "recipe: schedule.settings: 'rho=7' is not a list*" },
        { "[\"rho=7\"]", "[\"=7\"]", "recipe: schedule.settings: '=7' is not of the form*" },
        { HASH_A, "abc", "recipe: inputs: 'abc' is not a SHA-256 in 64 hexadecimal digits; *" },
        { "\"from\"", "\"mask\"",
          "recipe: inputs: the job interpolate reads its from as number 1, "
          "which is mask; *" },
        { "\"llvmpipe\"", "\"a\\nb\"", "recipe: device: * is not a printable line of text; *" },
        { "\"llvmpipe\"", "\"a\\u0000b\"", "recipe: line 1: not JSON: *" },
        { "[{\"key\"", "[3, {\"key\"", "recipe: notes: 3 is not an object; *" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(trials); i++)
        refuses_change(trials[i].from, trials[i].to, trials[i].pattern);
}

// No crash, whatever is cut off or turned over.
static void survives_any_damage(void)
{
    g_autofree char *json = g_strdup(whole);
    const size_t size = strlen(whole);

    for (size_t i = 0; i < size; i++) {
        g_autofree char *cut = g_strndup(whole, i);
        sfm_recipe_free(sfm_recipe_parse(cut, NULL));
        for (const char *c = "\"{[]0,\\\x80"; *c; c++) {
            json[i] = *c;
            sfm_recipe_free(sfm_recipe_parse(json, NULL));
        }
        json[i] = whole[i];
    }
}

// ---- what it was made with --------------------------------------------------

static SfmImage vary(SfmJobParams *params)
{
    const char *const settings[] = { "strength=0.4", NULL };
    SfmImage image = { 0 };

    *params = request(SFM_JOB_VARY);
    params->settings = settings;
    params->sampler = stay;
    run(params, &image);
    params->settings = NULL;
    return image;
}

static void what_was_written_makes_the_same_again(void)
{
    SfmJobParams params;
    g_auto(SfmImage) image = vary(&params), again = { 0 };
    g_autoptr(SfmRecipe) recipe = parse(image.recipe);
    SfmJobParams replay = *sfm_recipe_params(recipe);

    replay.inputs[0] = params.inputs[0];
    replay.model = model_path;
    replay.sampler = stay;
    run(&replay, &again);
    g_assert_cmpmem(again.pixels, COUNT * sizeof(float), image.pixels, COUNT * sizeof(float));
    g_assert_cmpstr(again.recipe, ==, image.recipe);
}

static void tells_the_pictures_from_others(void)
{
    SfmJobParams params;
    g_auto(SfmImage) image = vary(&params);
    g_autoptr(SfmRecipe) recipe = parse(image.recipe);
    g_autoptr(GError) error = NULL;

    g_assert_true(sfm_recipe_check_inputs(recipe, params.inputs, 1, &error));
    g_assert_no_error(error);
    g_assert_false(sfm_recipe_check_inputs(recipe, NULL, 0, &error));
    g_assert_cmpstr(error->message, ==,
                    "picture: is missing; give the picture that the recipe was made with, as "
                    "number 1 of 1");
    g_clear_error(&error);
    g_assert_false(sfm_recipe_check_inputs(recipe, params.inputs, 2, &error));
    g_assert_cmpstr(error->message, ==, "input: 2 were given, and the job vary reads 1");
    g_clear_error(&error);
    slope[COUNT - 1] += 1e-6F; // params' picture
    g_assert_false(sfm_recipe_check_inputs(recipe, params.inputs, 1, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT);
    g_assert_cmpstr(error->message, ==,
                    "picture: is not the picture that the recipe was made with; give that one, "
                    "unchanged");
}

static void tells_two_pictures_apart(void)
{
    float black[COUNT] = { 0 };
    SfmJobParams params = request(SFM_JOB_INTERPOLATE);
    g_auto(SfmImage) image = { 0 };
    params.inputs[1] = (SfmPicture){ SIDE, SIDE, 3, black };
    params.sampler = stay;
    run(&params, &image);
    g_autoptr(SfmRecipe) recipe = parse(image.recipe);
    g_autoptr(GError) error = NULL;
    const SfmPicture swapped[] = { params.inputs[1], params.inputs[0] };

    g_assert_true(sfm_recipe_check_inputs(recipe, params.inputs, 2, &error));
    g_assert_false(sfm_recipe_check_inputs(recipe, swapped, 2, &error));
    g_assert_cmpstr(error->message, ==,
                    "from: this picture was the recipe's \"to\"; give \"from\" first, and then "
                    "\"to\"");
}

static void refuses_check(const SfmRecipe *recipe, const SfmJobParams *params, const char *pattern)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(sfm_recipe_check(recipe, params, data_dir, NULL, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_NOT_FOUND);
    if (!g_pattern_match_simple(pattern, error->message))
        g_error("got \"%s\", wanted \"%s\"", error->message, pattern);
}

// A name is a claim of the file: as much of it is said as says which.
static void says_the_beginning_of_a_long_name(void)
{
    g_autofree char *name = g_strnfill(5000, 'a');
    g_autofree char *quoted = g_strconcat("\"", name, "\"", NULL);
    g_autofree char *json = with("\"digits\"", quoted);
    g_autoptr(SfmRecipe) recipe = parse(json);
    g_autoptr(GError) error = NULL;

    g_assert_false(sfm_recipe_check(recipe, NULL, data_dir, NULL, &error));
    g_assert_true(g_pattern_match_simple("the recipe was made with the model aaaa*aaa..., which is "
                                         "not here; install it, or give its path",
                                         error->message));
    g_assert_cmpuint(strlen(error->message), <, 200);
}

static void tells_model_and_scripts_from_others(void)
{
    SfmJobParams params;
    g_auto(SfmImage) image = vary(&params);
    g_autoptr(SfmRecipe) recipe = parse(image.recipe);
    g_autofree char *other = write_sampler("other.lua", "return 2 * x");
    g_autoptr(GError) error = NULL;
    SfmJobParams replay = *sfm_recipe_params(recipe);

    refuses_check(recipe, NULL,
                  "the recipe was made with the model model, which is not here (*); install it, "
                  "or give its path");
    replay.model = model_path;
    refuses_check(recipe, &replay, "the recipe was made with the sampler test, which is not here*");
    replay.sampler = other;
    refuses_check(recipe, &replay,
                  "sampler test: *other.lua is not what the recipe was made with (SHA-256 "
                  "*, not *); bring back what it was, or give the path of a copy");
    replay.sampler = stay;
    g_assert_true(sfm_recipe_check(recipe, &replay, data_dir, NULL, &error));
    g_assert_no_error(error);
    replay.model = "digits";
    refuses_check(recipe, &replay, "model model: *digits is not what the recipe was made with*");
    g_unlink(other);
}

int main(int argc, char **argv)
{
    open_trial(&argc, &argv);
#define TEST(name) g_test_add_func("/recipe/" #name, name)
    TEST(a_recipe_is_a_request);
    TEST(a_recipe_says_what_it_was_made_with);
    TEST(a_recipe_says_which_kernels_ran);
    TEST(refuses_kernels_that_this_build_lacks);
    TEST(a_recipe_says_which_family_ran);
    TEST(refuses_families_that_this_build_lacks);
    TEST(refuses_a_precision_that_the_family_has_not);
    TEST(refuses_what_is_no_recipe);
    TEST(refuses_another_version);
    TEST(refuses_a_key_that_it_does_not_know);
    TEST(refuses_what_is_missing);
    TEST(refuses_wrong_types_and_numbers_out_of_range);
    TEST(survives_any_damage);
    TEST(what_was_written_makes_the_same_again);
    TEST(tells_the_pictures_from_others);
    TEST(tells_two_pictures_apart);
    TEST(says_the_beginning_of_a_long_name);
    TEST(tells_model_and_scripts_from_others);
    return run_trial();
}
