// SPDX-License-Identifier: GPL-3.0-or-later
//
// The library of scripts over a user's folder that changes beneath it.

#include <sfumato/library.h>

#include "job/scripts.h"

#include "scratch.h"

#define SAMPLER(name, title)                                                        \
    "return diffusion.sampler { api = 1, name = '" name "', title = '" title "',\n" \
    "  step = function(ctx, x, x0) return x0 end }\n"
#define BROKEN "return diffusion.sampler { api = 1, name = 'mine' }\n"

static SfmScriptLibrary *library;

static char *own(const char *file)
{
    return g_build_filename("user", "sfumato", "scripts", file, NULL);
}

static void write_own(const char *file, const char *text)
{
    g_autofree char *name = own(file);
    g_free(scratch_text(name, text));
}

static void write_built_in(const char *file, const char *text)
{
    g_autofree char *name = g_build_filename("data", "lua", "samplers", file, NULL);
    g_free(scratch_text(name, text));
}

static void remove_own(const char *file)
{
    g_autofree char *name = own(file);
    g_autofree char *path = g_build_filename(scratch, name, NULL);
    g_assert_cmpint(g_remove(path), ==, 0);
}

static void set_up(void)
{
    g_autofree char *data = g_build_filename(scratch, "data", NULL);
    g_autofree char *folder = g_build_filename(scratch, "user", NULL);
    scratch_remove(folder);
    scratch_remove(data);
    write_built_in("plain.lua", SAMPLER("plain", "Plain"));
    library = sfm_script_library_new(data);
}

static void tear_down(void)
{
    g_clear_pointer(&library, sfm_script_library_unref);
}

// The titles of the samplers that can be asked for, "Mine, Plain".
static char *titles(void)
{
    g_autoptr(GPtrArray) infos = sfm_script_library_choices(library, SFM_SCRIPT_SAMPLER);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < infos->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "",
                               ((SfmScriptInfo *)infos->pdata[i])->title);
    return g_string_free(text, FALSE);
}

static void assert_titles(const char *wanted)
{
    g_autofree char *got = titles();
    g_assert_cmpstr(got, ==, wanted);
}

// What find() gives for a name: the script's title.
static void assert_found(const char *name, const char *title)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) script = sfm_script_find(library, SFM_SCRIPT_SAMPLER, name, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(sfm_script_info(script)->title, ==, title);
}

static void assert_not_found(const char *name, int code, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(sfm_script_find(library, SFM_SCRIPT_SAMPLER, name, &error));
    assert_refused(&error, code, part);
}

// The file of that name; NULL: it is not listed. Of `files`, which is made anew.
static const SfmScriptFile *listed(const char *name, GPtrArray **files)
{
    g_clear_pointer(files, g_ptr_array_unref);
    *files = sfm_script_library_files(library);
    for (guint i = 0; i < (*files)->len; i++) {
        const SfmScriptFile *file = (*files)->pdata[i];
        if (g_str_has_suffix(file->path, name))
            return file;
    }
    return NULL;
}

static void a_new_file_is_there_at_once_and_a_removed_one_gone(void)
{
    assert_titles("Plain");
    write_own("mine.lua", SAMPLER("mine", "Mine"));
    assert_titles("Mine, Plain");
    assert_found("mine", "Mine");
    remove_own("mine.lua");
    assert_titles("Plain");
    assert_not_found("mine", SFM_ERROR_NOT_FOUND, "sampler: there is no \"mine\"; there are plain");
}

static void what_there_is_comes_in_the_order_of_the_names(void)
{
    write_own("one.lua", SAMPLER("tungsten", "A title"));
    write_own("two.lua", SAMPLER("anthracite", "Z title"));
    assert_titles("A title, Plain, Z title");
    assert_not_found("mine", SFM_ERROR_NOT_FOUND, "there are anthracite, plain, tungsten");
}

static void a_change_is_seen_even_within_a_tick_of_the_clock(void)
{
    write_own("mine.lua", SAMPLER("mine", "One"));
    assert_found("mine", "One");
    write_own("mine.lua", SAMPLER("mine", "Two")); // of the same size, perhaps of the same time
    assert_found("mine", "Two");
    assert_titles("Plain, Two");
}

static void a_broken_new_version_leaves_the_last_good_one_in_use(void)
{
    g_autoptr(GPtrArray) files = NULL;
    write_own("mine.lua", SAMPLER("mine", "Mine"));
    assert_titles("Mine, Plain");
    write_own("mine.lua", BROKEN);
    assert_titles("Mine, Plain");
    assert_found("mine", "Mine");
    const SfmScriptFile *file = listed("mine.lua", &files);
    g_assert_cmpstr(file->info->title, ==, "Mine");
    g_assert_cmpstr(file->error, ==, "mine.lua:1: either 'step' or 'sample' must be declared");
}

static void a_mended_version_takes_the_place_of_the_last_good_one(void)
{
    g_autoptr(GPtrArray) files = NULL;
    write_own("mine.lua", SAMPLER("mine", "Mine"));
    assert_titles("Mine, Plain");
    write_own("mine.lua", BROKEN);
    assert_titles("Mine, Plain");
    write_own("mine.lua", SAMPLER("mine", "Mended"));
    assert_titles("Mended, Plain");
    assert_found("mine", "Mended");
    g_assert_null(listed("mine.lua", &files)->error);
}

static void what_was_removed_is_not_remembered(void)
{
    write_own("mine.lua", SAMPLER("mine", "Mine"));
    assert_titles("Mine, Plain");
    remove_own("mine.lua");
    assert_titles("Plain");
    write_own("mine.lua", BROKEN);
    assert_titles("Plain");
    assert_not_found("mine", SFM_ERROR_BAD_SCRIPT, "mine.lua:1: either 'step' or 'sample'");
}

static void a_renamed_script_is_found_by_its_new_name_alone(void)
{
    write_own("mine.lua", SAMPLER("mine", "Mine"));
    assert_found("mine", "Mine");
    write_own("mine.lua", SAMPLER("yours", "Yours"));
    assert_found("yours", "Yours");
    assert_not_found("mine", SFM_ERROR_NOT_FOUND, "there is no \"mine\"");
}

static void a_file_that_never_loaded_is_listed_with_its_error(void)
{
    g_autoptr(GPtrArray) files = NULL;
    write_own("mine.lua", "return");
    const SfmScriptFile *file = listed("mine.lua", &files);
    g_assert_null(file->info);
    g_assert_cmpint(file->origin, ==, SFM_ORIGIN_USER);
    g_assert_nonnull(strstr(file->error, "mine.lua: must return diffusion.schedule"));
}

static void two_scripts_of_one_name_are_refused_with_both_paths(void)
{
    g_autoptr(GPtrArray) files = NULL;
    write_own("a.lua", SAMPLER("mine", "A"));
    write_own("b.lua", SAMPLER("mine", "B"));
    assert_titles("Plain");
    g_autofree char *both =
        g_strdup_printf("sampler \"mine\" is declared both by %s/user/sfumato/scripts/a.lua and by "
                        "%s/user/sfumato/scripts/b.lua; rename one of them",
                        scratch, scratch);
    assert_not_found("mine", SFM_ERROR_BAD_SCRIPT, both);
    g_assert_cmpstr(listed("a.lua", &files)->error, ==, both);
    remove_own("a.lua");
    assert_found("mine", "B");
}

static void a_schedule_and_a_sampler_may_share_a_name(void)
{
    write_own("a.lua", SAMPLER("mine", "A"));
    write_own("b.lua", "return diffusion.schedule { api = 1, name = 'mine', sigmas = next }");
    assert_titles("A, Plain");
    assert_found("mine", "A");
}

static void a_users_script_hides_a_built_in_and_says_so(void)
{
    g_autoptr(GPtrArray) files = NULL;
    write_own("better.lua", SAMPLER("plain", "Better"));
    assert_titles("Better");
    assert_found("plain", "Better");
    g_autofree char *hidden =
        g_build_filename(scratch, "data", "lua", "samplers", "plain.lua", NULL);
    g_assert_cmpstr(listed("better.lua", &files)->hides, ==, hidden);
    g_assert_null(listed("better.lua", &files)->error);
    g_assert_true(listed("plain.lua", &files)->hidden);
    remove_own("better.lua");
    assert_found("plain", "Plain");
}

// Whoever asks for it means the own one.
static void a_users_script_that_never_loaded_is_not_passed_over(void)
{
    write_own("plain.lua", BROKEN);
    assert_not_found("plain", SFM_ERROR_BAD_SCRIPT, "plain.lua:1: either");
}

static void a_file_that_cannot_be_read_is_listed_with_its_error(void)
{
    g_autoptr(GPtrArray) files = NULL;
    g_autofree char *name = own("folder.lua/x");
    g_free(scratch_text(name, ""));
    g_assert_nonnull(strstr(listed("folder.lua", &files)->error, "folder.lua: not a file"));
}

static void what_is_no_script_of_that_kind_is_refused_by_its_path(void)
{
    g_autofree char *name = own("s.lua");
    g_autofree char *path = g_build_filename(scratch, name, NULL);
    assert_not_found(path, SFM_ERROR_NOT_FOUND, "s.lua: No such file or directory");
    write_own("s.lua", "return diffusion.schedule { api = 1, name = 's', sigmas = next }");
    assert_not_found(path, SFM_ERROR_BAD_ARGUMENT, "s.lua: is a schedule, not a sampler");
    assert_not_found("plian", SFM_ERROR_NOT_FOUND, "did you mean \"plain\"?");
}

static void *find_often(void *data)
{
    for (int i = 0; i < 50; i++)
        assert_found("mine", "Mine");
    return data;
}

static void threads_take_turns(void)
{
    write_own("mine.lua", SAMPLER("mine", "Mine"));
    GThread *thread = g_thread_new("finder", find_often, NULL);
    for (int i = 0; i < 50; i++) {
        write_built_in("plain.lua", i % 2 ? SAMPLER("plain", "Plain") : SAMPLER("plain", "P"));
        assert_titles(i % 2 ? "Mine, Plain" : "Mine, P");
    }
    g_thread_join(thread);
}

#define TEST(name) "/job/library/" #name, name
static const struct {
    const char *path;
    void (*run)(void);
} tests[] = {
    { TEST(a_new_file_is_there_at_once_and_a_removed_one_gone) },
    { TEST(what_there_is_comes_in_the_order_of_the_names) },
    { TEST(a_change_is_seen_even_within_a_tick_of_the_clock) },
    { TEST(a_broken_new_version_leaves_the_last_good_one_in_use) },
    { TEST(a_mended_version_takes_the_place_of_the_last_good_one) },
    { TEST(what_was_removed_is_not_remembered) },
    { TEST(a_renamed_script_is_found_by_its_new_name_alone) },
    { TEST(a_file_that_never_loaded_is_listed_with_its_error) },
    { TEST(two_scripts_of_one_name_are_refused_with_both_paths) },
    { TEST(a_schedule_and_a_sampler_may_share_a_name) },
    { TEST(a_users_script_hides_a_built_in_and_says_so) },
    { TEST(a_users_script_that_never_loaded_is_not_passed_over) },
    { TEST(a_file_that_cannot_be_read_is_listed_with_its_error) },
    { TEST(what_is_no_script_of_that_kind_is_refused_by_its_path) },
    { TEST(threads_take_turns) },
};

static void run(gconstpointer index)
{
    set_up();
    tests[GPOINTER_TO_UINT(index)].run();
    tear_down();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_open();
    g_autofree char *user = g_build_filename(scratch, "user", NULL);
    g_setenv("XDG_DATA_HOME", user, TRUE);

    for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_data_func(tests[i].path, GUINT_TO_POINTER(i), run);
    const int result = g_test_run();
    scratch_close();
    return result;
}
