// SPDX-License-Identifier: GPL-3.0-or-later
//
// What `sfumato script new` and `check` rest on: beginnings that work, and
// faults that are found and said once, with file and line.

#include <sfumato/scripts.h>
#include <sfumato/write.h>

#include "scratch.h"

static SfmScriptReport *check(const char *text)
{
    g_autofree char *path = scratch_text("it.lua", text);
    return sfm_script_check(path);
}

static void finds_nothing(const char *text)
{
    g_autoptr(SfmScriptReport) report = check(text);
    if (report->problems->len > 0)
        g_error("%s", (const char *)report->problems->pdata[0]);
    g_assert_cmpint(report->num_runs, >, 0);
}

// One problem, that one, whatever the circumstances.
static void finds(const char *text, const char *problem)
{
    g_autoptr(SfmScriptReport) report = check(text);
    g_assert_cmpuint(report->problems->len, ==, 1);
    const char *found = report->problems->pdata[0];
    if (!g_str_has_prefix(found, problem))
        g_error("found \"%s\" instead of \"%s...\"", found, problem);
}

static void remarks(const char *text, const char *remark)
{
    g_autoptr(SfmScriptReport) report = check(text);
    bool said = false;
    for (guint i = 0; i < report->remarks->len; i++)
        said |= strstr(report->remarks->pdata[i], remark) != NULL;
    g_assert_true(said);
    g_assert_cmpuint(report->problems->len, ==, 0);
}

static void finds_no_remark(const char *text)
{
    g_autoptr(SfmScriptReport) report = check(text);
    g_assert_cmpuint(report->remarks->len, ==, 0);
}

#define SAMPLER(fields)  "return diffusion.sampler { api = 1, name = 'it',\n" fields " }"
#define SCHEDULE(fields) "return diffusion.schedule { api = 1, name = 'it',\n" fields " }"
#define EULER            "step = function(ctx, x, x0, eps, a, b) return x0 + b / a * (x - x0) end"

static void finds_nothing_wrong_with_what_works(void)
{
    finds_nothing(SAMPLER(EULER));
    finds_nothing(SCHEDULE("sigmas = function(m) return { m.sigma_max, m.sigma_min, 0 } end"));
}

static void says_why_a_file_does_not_load(void)
{
    finds("return 7", "it.lua: must return");
    finds("\nreturn diffusion.sampler { api = 1 }", "it.lua:2: 'name' is missing");
    g_autoptr(SfmScriptReport) report = sfm_script_check("nowhere/it.lua");
    g_assert_cmpstr(report->problems->pdata[0], ==, "nowhere/it.lua: No such file or directory");
    g_assert_null(report->info);
}

static void says_once_what_is_wrong_in_every_run(void)
{
    finds(SAMPLER("step = function(ctx, x) return ctx:nois() end"),
          "it.lua:2: ctx has no 'nois', did you mean 'noise'?");
}

static void says_the_line_of_the_function_where_the_error_has_none(void)
{
    finds(SAMPLER("\nstep = function(ctx, x) return x * (0 / 0) end"),
          "it.lua:3: sampler 'it': the image is not finite after step 1");
    finds(SCHEDULE("sigmas = function(m, n) return { m.sigma_max, 1, 1, 0 } end"),
          "it.lua:2: sigmas[3] is 1, which is not below sigmas[2] = 1");
}

static void tries_every_value_of_choices_and_booleans(void)
{
    finds(SAMPLER("params = { { 'way', type = 'choice', default = 'a', choices = { 'a', 'b' } } },"
                  "step = function(ctx, x, x0, eps, a, b, p)\n"
                  "  if p.way == 'b' then error('lost') end return x0 end"),
          "it.lua:3: lost (way=b, 1 step, a model of 1000 timesteps)");
    finds(SAMPLER("params = { { 'odd', type = 'boolean', default = true } },"
                  "step = function(ctx, x, x0, eps, a, b, p)\n"
                  "  return p.odd and x0 or x:lop() end"),
          "it.lua:3: a tensor has no 'lop'");
}

static void runs_two_images_and_many_steps(void)
{
    finds(SAMPLER("step = function(ctx, x, x0)\n"
                  "  if type(x:mean()) ~= 'number' then error('two') end return x0 end"),
          "it.lua:3: two (1 step, a model of 1000 timesteps, 2 images)");
    finds_nothing(SAMPLER("adaptive = true, step = function(ctx, x, x0)\n"
                          "  if type(x:mean()) ~= 'number' then error('two') end return x0 end"));
    finds(SAMPLER("sample = function(ctx, x, sigmas)\n"
                  "  if #sigmas > 10 then error('too many') end return x end"),
          "it.lua:3: too many (10 steps");
    finds(SCHEDULE("sigmas = function(m, n)\n"
                   "  if n == 50 then error('too many') end return { m.sigma_max, 0 } end"),
          "it.lua:3: too many (50 steps");
}

static void ends_what_calls_the_model_for_ever(void)
{
    finds(SAMPLER("sample = function(ctx, x) while true do ctx:denoise(x, 1) end end"),
          "it.lua:2: the script calls its host more than 1000 times for each level");
}

// A script may be for score networks only.
static void remarks_on_models_that_a_script_is_not_for(void)
{
    remarks(SCHEDULE("sigmas = function(m) if m.timesteps > 0 then error('levels only') end\n"
                     "  return { m.sigma_max, 0 } end"),
            "levels only (a model of 1000 timesteps)");
    remarks(SAMPLER("sample = function(ctx, x) ctx:predict(x, 0) return x end"),
            "the model has no timesteps to predict at (a score network)");
    finds(SCHEDULE("sigmas = function(m) error(m.prediction) end"), "it.lua:2: epsilon");
}

static void remarks_on_knobs_without_help_and_on_other_names(void)
{
    remarks(SAMPLER("params = { { 'k', type = 'boolean', default = true, label = 'K' } }," EULER),
            "it.lua:2: knob 'k' has no help");
    remarks("return diffusion.sampler { api = 1, name = 'other', " EULER " }",
            "the name in it, by which it is asked for, is \"other\"");
}

static void remarks_on_steps_that_never_end(void)
{
    remarks(SAMPLER("sample = function(ctx, x, sigmas) return (ctx:denoise(x, sigmas[1])) end"),
            "it never calls ctx:step()");
    finds_no_remark(SAMPLER(EULER));
}

static void begins_scripts_that_work(void)
{
    static const SfmScriptKind kinds[] = { SFM_SCRIPT_SCHEDULE, SFM_SCRIPT_SAMPLER };
    for (int i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *wanted = g_build_filename(scratch, "one-of-mine.lua", NULL);
        g_autofree char *path = sfm_script_create(NULL, kinds[i], "one-of-mine", wanted, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(path, ==, wanted);
        g_autoptr(SfmScriptReport) report = sfm_script_check(path);
        g_assert_cmpuint(report->problems->len + report->remarks->len, ==, 0);
        g_assert_cmpstr(report->info->name, ==, "one-of-mine");
        g_assert_cmpstr(report->info->title, ==, "One of mine");
        g_assert_cmpint((int)report->info->kind, ==, (int)kinds[i]);
        g_remove(path);
    }
}

static void begins_them_in_the_users_folder(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = sfm_script_folder();
    g_autofree char *wanted = g_build_filename(folder, "one-of-mine.lua", NULL);
    g_autofree char *path =
        sfm_script_create(NULL, SFM_SCRIPT_SAMPLER, "one-of-mine", NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(path, ==, wanted);
    g_auto(GStrv) found = sfm_script_paths(NULL, "one-of-mine", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(found[0], ==, wanted);
    g_assert_null(found[1]);
}

static void refuses_to_begin(const char *name, const char *path, int code, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(sfm_script_create(NULL, SFM_SCRIPT_SAMPLER, name, path, &error));
    assert_refused(&error, code, why);
}

static void refuses_bad_names_and_files_that_are_there(void)
{
    g_autofree char *there = scratch_text("there.lua", "mine");
    g_autofree char *nowhere = g_build_filename(scratch, "no", "where.lua", NULL);
    refuses_to_begin("Mine", NULL, SFM_ERROR_BAD_ARGUMENT, "name: \"Mine\" is not of the letters");
    refuses_to_begin("-mine", NULL, SFM_ERROR_BAD_ARGUMENT, "\"-mine\"");
    refuses_to_begin("../mine", NULL, SFM_ERROR_BAD_ARGUMENT, "\"../mine\"");
    refuses_to_begin("", NULL, SFM_ERROR_BAD_ARGUMENT, "\"\"");
    refuses_to_begin("mine", there, SFM_ERROR_BAD_ARGUMENT, "there.lua: is there already");
    refuses_to_begin("mine", nowhere, SFM_ERROR_NOT_WRITTEN,
                     "where.lua: cannot be written: No such");
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(there, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "mine");
}

static void finds_scripts_by_name_and_by_path(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) ddim = sfm_script_paths(NULL, "ddim", &error);
    g_assert_true(g_str_has_suffix(ddim[0], "lua/samplers/ddim.lua"));
    g_auto(GStrv) path = sfm_script_paths(NULL, "no/where.lua", &error);
    g_assert_cmpstr(path[0], ==, "no/where.lua");
    g_auto(GStrv) all = sfm_script_paths(NULL, NULL, &error);
    g_assert_cmpuint(g_strv_length(all), >, 6);
    g_assert_null(sfm_script_paths(NULL, "dimm", &error));
    assert_refused(&error, SFM_ERROR_NOT_FOUND, "there is no \"dimm\", did you mean \"ddim\"?");
}

int main(int argc, char **argv)
{
    scratch_open();
    g_setenv("XDG_DATA_HOME", scratch, TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/check/finds_nothing_wrong_with_what_works",
                    finds_nothing_wrong_with_what_works);
    g_test_add_func("/check/says_why_a_file_does_not_load", says_why_a_file_does_not_load);
    g_test_add_func("/check/says_once_what_is_wrong_in_every_run",
                    says_once_what_is_wrong_in_every_run);
    g_test_add_func("/check/says_the_line_of_the_function_where_the_error_has_none",
                    says_the_line_of_the_function_where_the_error_has_none);
    g_test_add_func("/check/tries_every_value_of_choices_and_booleans",
                    tries_every_value_of_choices_and_booleans);
    g_test_add_func("/check/runs_two_images_and_many_steps", runs_two_images_and_many_steps);
    g_test_add_func("/check/ends_what_calls_the_model_for_ever",
                    ends_what_calls_the_model_for_ever);
    g_test_add_func("/check/remarks_on_models_that_a_script_is_not_for",
                    remarks_on_models_that_a_script_is_not_for);
    g_test_add_func("/check/remarks_on_knobs_without_help_and_on_other_names",
                    remarks_on_knobs_without_help_and_on_other_names);
    g_test_add_func("/check/remarks_on_steps_that_never_end", remarks_on_steps_that_never_end);
    g_test_add_func("/new/begins_scripts_that_work", begins_scripts_that_work);
    g_test_add_func("/new/begins_them_in_the_users_folder", begins_them_in_the_users_folder);
    g_test_add_func("/new/refuses_bad_names_and_files_that_are_there",
                    refuses_bad_names_and_files_that_are_there);
    g_test_add_func("/paths/finds_scripts_by_name_and_by_path", finds_scripts_by_name_and_by_path);
    const int status = g_test_run();
    scratch_close();
    return status;
}
