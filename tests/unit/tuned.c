// SPDX-License-Identifier: GPL-3.0-or-later
//
// The file with the kernels that were tuned: what is written is read again, and
// nothing else is believed.

#include "job/tuned.h"

#include "scratch.h"

#define IDENTITY "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ANOTHER  "0123456789abcdefffffffffffffffffffffffffffffffffffffffffffffffff"
#define CALL     "add 4x4x4 4x4x4 > 4x4x4"

static const SfmTunedDevice device = { IDENTITY, "a \"device\"", "driver 1.2" };

static const SfmKernel first = { .name = "first", .op = "add" };
static const SfmKernel second = { .name = "second", .op = "add" };
static const SfmKernel affine = { .name = "affine", .op = "affine" };
static const SfmKernel *const kernels[] = { &first, &second, &affine };
static const SfmTarget target = { .name = "made-up", .kernels = kernels, .num_kernels = 3 };

static SfmChoices *choices_of(const char *kernel)
{
    SfmChoices *choices = sfm_choices_new();
    sfm_choices_set(choices, CALL, kernel);
    return choices;
}

static void write_choices(const SfmChoices *choices)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(sfm_tuned_write(&device, choices, &error));
    g_assert_no_error(error);
}

static void lies_in_the_cache_by_its_identity(void)
{
    g_autofree char *path = sfm_tuned_path(IDENTITY);
    g_autofree char *want =
        g_build_filename(scratch, "sfumato", "kernels-0123456789abcdef.json", NULL);

    g_assert_cmpstr(path, ==, want);
}

static void is_nothing_where_there_is_no_file(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(sfm_tuned_read("fedcba9876543210", &target, &error));
    g_assert_no_error(error);
}

static void what_was_written_is_read_again(void)
{
    g_autoptr(SfmChoices) choices = choices_of("second");
    g_autoptr(GError) error = NULL;
    write_choices(choices);
    g_autoptr(SfmChoices) again = sfm_tuned_read(IDENTITY, &target, &error);

    g_assert_no_error(error);
    g_assert_true(sfm_choices_equal(choices, again));
}

static void a_device_may_be_tuned_and_need_no_other_kernels(void)
{
    write_choices(NULL);
    g_autoptr(SfmChoices) again = sfm_tuned_read(IDENTITY, &target, NULL);

    g_assert_nonnull(again);
    g_assert_cmpuint(sfm_choices_num(again), ==, 0);
}

// ---- what is not believed ---------------------------------------------------

// The file as it is written, with the first `from` of it replaced.
static char *with(const char *from, const char *to)
{
    g_autoptr(SfmChoices) choices = choices_of("second");
    g_autofree char *path = sfm_tuned_path(IDENTITY);
    g_autofree char *text = NULL;
    write_choices(choices);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    const char *at = strstr(text, from);
    g_assert_nonnull(at);
    return g_strdup_printf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void put(const char *text, size_t size)
{
    g_free(scratch_file("sfumato/kernels-0123456789abcdef.json", text, size));
}

static void refuses(const char *from, const char *to, const char *pattern)
{
    g_autofree char *text = with(from, to);
    g_autofree char *path = sfm_tuned_path(IDENTITY);
    g_autofree char *whole = g_strconcat(path, ": ", pattern, NULL);
    g_autoptr(GError) error = NULL;
    put(text, strlen(text));

    g_assert_null(sfm_tuned_read(IDENTITY, &target, &error));
    g_assert_nonnull(error);
    if (!g_pattern_match_simple(whole, error->message))
        g_error("got \"%s\", wanted \"%s\"", error->message, whole);
}

static void refuses_what_is_of_something_else(void)
{
    refuses("\"version\": 1", "\"version\": 2", "is of version 2, not 1");
    refuses("\"version\": 1", "\"version\": \"1\"", "is of version '1', not 1");
    refuses(IDENTITY, ANOTHER,
            "is of another device, driver or build: of a \"device\", driver 1.2");
    refuses("\"second\"", "\"third\"", "made-up: has no kernel \"third\" for \"" CALL "\"");
    refuses("\"second\"", "\"affine\"", "made-up: has no kernel \"affine\" for \"" CALL "\"");
}

static void refuses_what_is_not_to_the_letter(void)
{
    refuses("{", "", "*not JSON*");
    refuses("\"kernels\"", "\"kernel\"", "\"kernels\" is missing");
    refuses("\"kernels\": {", "\"device\": \"\", \"kernels\": {", "*not JSON: duplicate*");
    refuses("\"kernels\": {", "\"mood\": \"\", \"kernels\": {", "\"mood\" is not a key of*");
    refuses("\"driver 1.2\"", "null", "driver: *");
    refuses("\"driver 1.2\"", "\"\\u001b[31m\"", "driver: *");
    refuses("\"second\"", "7", "kernels: 7 is not*");
    refuses(CALL, "add 4x4x4", "kernels: \"add 4x4x4 = second\" does not name a call*");
    refuses(CALL, "subtract 4 4 > 4", "kernels: * does not name a call*");
    refuses(": \"second\"", ": \"second\", \"" CALL "\": \"first\"", "*not JSON: duplicate*");
    refuses("}\n}", "}\n}\n{}", "*not JSON*");
}

static void refuses_a_file_that_is_too_long(void)
{
    g_autofree char *spaces = g_strnfill(5 << 20, ' ');
    g_autoptr(GError) error = NULL;
    put(spaces, 5 << 20);

    g_assert_null(sfm_tuned_read(IDENTITY, &target, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_FILE);
}

static void survives_any_damage(void)
{
    g_autofree char *text = with("1", "1");
    const size_t size = strlen(text);

    for (size_t i = 0; i < size; i++) {
        const char was = text[i];
        put(text, i);
        sfm_choices_free(sfm_tuned_read(IDENTITY, &target, NULL));
        for (const char *c = "\"{0,\x80"; *c; c++) {
            text[i] = *c;
            put(text, size);
            sfm_choices_free(sfm_tuned_read(IDENTITY, &target, NULL));
        }
        text[i] = was;
    }
}

// ---- for jobs ---------------------------------------------------------------

static void a_job_is_warned_and_goes_on(void)
{
    g_autofree char *text = with("second", "third");
    put(text, strlen(text));

    g_test_expect_message("sfumato", G_LOG_LEVEL_MESSAGE,
                          "*kernels-0123456789abcdef.json: *third*; the usual kernels are used "
                          "instead: run \"sfumato tune\" *");
    g_assert_null(sfm_tuned_load(IDENTITY, &target));
    g_test_assert_expected_messages();
}

static void says_where_it_could_not_write(void)
{
    g_autofree char *folder = g_build_filename(scratch, "sfumato", NULL);
    g_autoptr(GError) error = NULL;
    scratch_remove(folder);
    g_assert_true(g_file_set_contents(folder, "in the way", -1, NULL));

    g_assert_false(sfm_tuned_write(&device, NULL, &error));
    assert_refused(&error, SFM_ERROR_NOT_WRITTEN, folder);
    g_remove(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_open();
    g_setenv("XDG_CACHE_HOME", scratch, TRUE);
#define TEST(name) g_test_add_func("/tuned/" #name, name)
    TEST(lies_in_the_cache_by_its_identity);
    TEST(is_nothing_where_there_is_no_file);
    TEST(what_was_written_is_read_again);
    TEST(a_device_may_be_tuned_and_need_no_other_kernels);
    TEST(refuses_what_is_of_something_else);
    TEST(refuses_what_is_not_to_the_letter);
    TEST(refuses_a_file_that_is_too_long);
    TEST(survives_any_damage);
    TEST(a_job_is_warned_and_goes_on);
    TEST(says_where_it_could_not_write);
    const int status = g_test_run();
    scratch_close();
    return status;
}
