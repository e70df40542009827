// SPDX-License-Identifier: GPL-3.0-or-later
//
// Scripts that attack the host before they run, and errors in general: each must
// end within its limit in an error that names the script.

#include <locale.h>
#include <sys/stat.h>
#include <time.h>

#include "script/script.h"

#include "scratch.h"

#define MOST_SECONDS 6 // under a sanitizer, on a busy machine; without, it is tens of ms

static double cpu_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void must_fail(const char *path, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_path_get_basename(path);
    const double start = cpu_seconds();
    g_assert_null(sfm_script_load(path, &error));
    g_test_message("%s [%.3f s]", error->message, cpu_seconds() - start);
    g_assert_cmpfloat(cpu_seconds() - start, <, MOST_SECONDS);
    g_assert_nonnull(strstr(error->message, name));
    assert_refused(&error, SFM_ERROR_BAD_SCRIPT, why);
}

// A script, and what must be said of it.
static void attack(gconstpointer data)
{
    const char *const *texts = data;
    g_autofree char *path = scratch_text("attack.lua", texts[2]);
    must_fail(path, texts[1]);
}

static void accept(gconstpointer text)
{
    static const char tail[] =
        "\nreturn diffusion.schedule { api = 1, name = 'x', sigmas = function() end }";
    g_autoptr(GError) error = NULL;
    g_autofree char *whole = g_strconcat(text, tail, NULL);
    g_autofree char *path = scratch_text("fine.lua", whole);
    g_autoptr(SfmScript) script = sfm_script_load(path, &error);
    g_assert_no_error(error);
    g_assert_nonnull(script);
}

// What a file with a comment could not be; the others are in tests/attacks.
static const char *const attacks[][3] = {
    { "nothing", "attack.lua: must return diffusion.schedule", "" },
    { "compiled_text", "attempt to load a binary chunk", "\033Lua" },
    { "compiled_code", "attack.lua:1: a byte 0x93 is not text in UTF-8", "\033LuaT\x93\r\n" },
    { "byte_order_mark", "attack.lua:1: begins with a byte order mark", "\xef\xbb\xbfreturn {}" },
    { "hash_bang", "attack.lua:1: unexpected symbol near '#'", "#!/usr/bin/lua\nreturn {}" },
};

// The host's comma must not reach a script, nor the script's point the host.
static void scripts_write_numbers_with_a_point_everywhere(void)
{
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) {
        g_test_skip("no de_DE.UTF-8 on this machine");
        return;
    }
    accept("assert(tostring(1.5) == '1.5' and tonumber('1.5') == 1.5)\n"
           "assert(('%.1f'):format(1.5) == '1.5' and ('b' < 'C') == false)");
    g_autofree char *text = g_strdup_printf("%.1f", 1.5);
    g_assert_cmpstr(text, ==, "1,5");
    setlocale(LC_ALL, "C");
}

static void a_file_that_is_none_is_not_found(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(sfm_script_load("/nowhere/x.lua", &error));
    assert_refused(&error, SFM_ERROR_NOT_FOUND, "/nowhere/x.lua");
}

static void what_is_no_file_is_refused_at_once(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *pipe = g_build_filename(scratch, "pipe.lua", NULL);
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    const char *const paths[] = { "/", "/dev/zero", pipe };
    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_assert_null(sfm_script_load(paths[i], &error));
        assert_refused(&error, SFM_ERROR_BAD_SCRIPT, "not a file");
    }
}

static void a_file_beyond_256_KiB_is_refused(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *spaces = g_strnfill(256 * 1024 + 1, ' ');
    g_autofree char *path = scratch_text("large.lua", spaces);
    g_assert_null(sfm_script_load(path, &error));
    assert_refused(&error, SFM_ERROR_BAD_SCRIPT, "large.lua: larger than 256 KiB");
}

static void a_file_with_a_NUL_is_refused(void)
{
    static const char text[] = "-- a comment\0 while true do end";
    g_autoptr(GError) error = NULL;
    g_autofree char *path = scratch_file("nul.lua", text, sizeof text - 1);
    g_assert_null(sfm_script_load(path, &error));
    assert_refused(&error, SFM_ERROR_BAD_SCRIPT, "nul.lua:1: a byte 0x00 is not text in UTF-8");
}

static void an_error_says_which_lines_led_to_it(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = scratch_text("lines.lua", "local function f()\n  error('no')\nend\n"
                                                      "local function g()\n  f()\nend\ng()");
    g_assert_null(sfm_script_load(path, &error));
    g_assert_cmpstr(error->message, ==, "lines.lua:2: no; called from lines.lua:5, lines.lua:7");
}

static char *repeated(const char *head, const char *part, size_t num, const char *tail)
{
    GString *text = g_string_new(head);
    for (size_t i = 0; i < num; i++)
        g_string_append(text, part);
    g_string_append(text, tail);
    return g_string_free(text, FALSE);
}

static char *goto_many_labels(void)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 12000; i++)
        g_string_append(text, "goto z ");
    for (int i = 0; i < 12000; i++)
        g_string_append_printf(text, "::l%d::a=1 ", i);
    return g_string_free(text, FALSE);
}

static void add(const char *folder, const char *name, gconstpointer data, GTestDataFunc test)
{
    g_autofree char *path = g_strdup_printf("/script/sandbox/%s/%s", folder, name);
    g_test_add_data_func(path, data, test);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_open();
    // Each `and` has Lua's compiler walk all those before it, each label all gotos.
    g_autofree char *conditions = repeated("local a = 1 return a", " and a", 43000, "");
    g_autofree char *parentheses = repeated("return ", "(", 100000, "1");
    g_autofree char *tables = repeated("return ", "{", 100000, "");
    g_autofree char *locals = repeated("", "local a ", 300, "");
    g_autofree char *gotos = goto_many_labels();
    const char *const large[][3] = {
        { "long_conditions", "the script takes", conditions },
        { "deep_parentheses", "C stack overflow", parentheses },
        { "deep_tables", "C stack overflow", tables },
        { "many_locals", "too many local variables", locals },
        { "many_labels", "attack.lua", gotos },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(large); i++)
        add("attack", large[i][0], large[i], attack);
    for (size_t i = 0; i < G_N_ELEMENTS(attacks); i++)
        add("attack", attacks[i][0], attacks[i], attack);
    g_test_add_func("/script/sandbox/a_file_with_a_NUL_is_refused", a_file_with_a_NUL_is_refused);
    g_test_add_func("/script/sandbox/scripts_write_numbers_with_a_point_everywhere",
                    scripts_write_numbers_with_a_point_everywhere);
    g_test_add_func("/script/sandbox/a_file_that_is_none_is_not_found",
                    a_file_that_is_none_is_not_found);
    g_test_add_func("/script/sandbox/what_is_no_file_is_refused_at_once",
                    what_is_no_file_is_refused_at_once);
    g_test_add_func("/script/sandbox/a_file_beyond_256_KiB_is_refused",
                    a_file_beyond_256_KiB_is_refused);
    g_test_add_func("/script/sandbox/an_error_says_which_lines_led_to_it",
                    an_error_says_which_lines_led_to_it);
    const int result = g_test_run();
    scratch_close();
    return result;
}
