// SPDX-License-Identifier: GPL-3.0-or-later
#include "file/json.h"

#include "scratch.h"

static json_t *parse(const char *text, GError **error)
{
    return sfm_json_parse("a.json", text, strlen(text), error);
}

static void assert_bad(const char *text, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(parse(text, &error));
    assert_refused(&error, SFM_ERROR_BAD_FILE, part);
}

static void infinity_and_nan_may_stand_bare(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) root =
        parse("{\"a\": -Infinity, \"b\":[NaN,Infinity], \"c\": \"-Infinity\"}", &error);

    g_assert_no_error(error);
    g_assert_cmpstr(json_string_value(json_object_get(root, "a")), ==, "-Infinity");
    const json_t *list = json_object_get(root, "b");
    g_assert_cmpstr(json_string_value(json_array_get(list, 0)), ==, "NaN");
    g_assert_cmpstr(json_string_value(json_array_get(list, 1)), ==, "Infinity");
    g_assert_cmpstr(json_string_value(json_object_get(root, "c")), ==, "-Infinity");
}

static void words_and_brackets_within_strings_are_text(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) root = parse("{\"[{NaN\\\"[\": \"{{\\\\\"}", &error);

    g_assert_no_error(error);
    g_assert_cmpstr(json_string_value(json_object_get(root, "[{NaN\"[")), ==, "{{\\");
}

static void the_words_are_values_only(void)
{
    assert_bad("{NaN : 1}", "line 1: not JSON");
    assert_bad("{\"a\": 1Infinity}", "line 1: not JSON");
    assert_bad("{\"a\": NaNNaN}", "line 1: not JSON");
    assert_bad("{\"a\": --Infinity}", "line 1: not JSON");
    assert_bad("{\"a\": \"x\"NaN}", "line 1: not JSON");
}

static void broken_json_is_refused_with_its_line(void)
{
    assert_bad("", "line 1: not JSON");
    assert_bad("{\n\"a\": 1,\n}", "a.json: line 3: not JSON");
    assert_bad("{\"a\": 1} x", "not JSON");
    assert_bad("{\"a\": 01}", "not JSON");
    assert_bad("{'a': 1}", "not JSON");
    assert_bad("{\"a", "not JSON");
    assert_bad("{\"a\\", "not JSON");
    assert_bad("{\"a\": \"\x1b[31m\"}", "not JSON");
    assert_bad("{\"a\": \"\xff\"}", "not JSON");
    assert_bad("{\"a\": \"\\u0000\"}", "not JSON");
    assert_bad("{\"a\": 99999999999999999999}", "not JSON");
    assert_bad("{\"a\": 1e999}", "not JSON");
}

static void a_key_may_stand_once(void)
{
    assert_bad("{\"a\": 1, \"a\": 1}", "duplicate");
}

static void the_whole_is_an_object(void)
{
    assert_bad("[1]", "a.json: not a JSON object");
}

// The object is one level, the lists in it are the rest.
static char *nested(int depth)
{
    GString *text = g_string_new("{\"a\":");
    for (int i = 1; i < depth; i++)
        g_string_append_c(text, '[');
    for (int i = 1; i < depth; i++)
        g_string_append_c(text, ']');
    g_string_append_c(text, '}');
    return g_string_free(text, FALSE);
}

static void nesting_has_a_limit(void)
{
    g_autofree char *deepest = nested(SFM_JSON_DEPTH);
    g_autofree char *too_deep = nested(SFM_JSON_DEPTH + 1);
    g_autofree char *far_too_deep = nested(1000000);
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) root = parse(deepest, &error);

    g_assert_no_error(error);
    g_assert_nonnull(root);
    assert_bad(too_deep, "nested more than 32 deep");
    assert_bad(far_too_deep, "nested more than 32 deep");
}

static void a_file_is_named_in_the_message(void)
{
    g_autofree char *path = scratch_text("broken.json", "{\n\n");
    g_autofree char *missing = g_build_filename(scratch, "missing.json", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_null(sfm_json_read(path, &error));
    assert_refused(&error, SFM_ERROR_BAD_FILE, "/broken.json: line ");
    g_assert_null(sfm_json_read(missing, &error));
    assert_refused(&error, SFM_ERROR_NOT_FOUND, "/missing.json: ");
    g_assert_null(sfm_json_read(scratch, &error));
    assert_refused(&error, SFM_ERROR_BAD_FILE, "not a regular file");
}

static void what_is_described_is_fit_to_print(void)
{
    const struct {
        const char *json, *text;
    } cases[] = {
        { "\"foo\"", "'foo'" },
        { "\"a\\u001b[31m\\n\"", "'a?[31m?'" },
        { "12", "12" },
        { "0.5", "0.5" },
        { "null", "null" },
        { "true", "true" },
        { "[1, 2]", "a list of 2" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(json_t) value = json_loads(cases[i].json, JSON_DECODE_ANY, NULL);
        g_autofree char *text = sfm_json_describe(value);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_open();
#define TEST(name) g_test_add_func("/file/json/" #name, name)
    TEST(infinity_and_nan_may_stand_bare);
    TEST(words_and_brackets_within_strings_are_text);
    TEST(the_words_are_values_only);
    TEST(broken_json_is_refused_with_its_line);
    TEST(a_key_may_stand_once);
    TEST(the_whole_is_an_object);
    TEST(nesting_has_a_limit);
    TEST(a_file_is_named_in_the_message);
    TEST(what_is_described_is_fit_to_print);
    const int result = g_test_run();
    scratch_close();
    return result;
}
