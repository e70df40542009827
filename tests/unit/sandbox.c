// SPDX-License-Identifier: GPL-3.0-or-later
//
// Scripts that attack the host: each must end within its limit in an error that
// names the script, and leave the host as it was.

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

static void every_recorded_attack_ends_in_an_error_that_names_the_script(void)
{
    g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "fixtures", "scripts", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_assert_nonnull(dir);
    int num = 0;
    for (const char *name; (name = g_dir_read_name(dir)); num++) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        must_fail(path, name);
    }
    g_assert_cmpint(num, >=, 21);
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

static const char *const attacks[][3] = {
    // Time.
    { "pcall_in_pcall", "the script takes",
      "local function f() while true do pcall(f) end end f()" },
    { "loop_in_close", "the script takes",
      "local m = { __close = function() while true do end end }\n"
      "local x <close> = setmetatable({}, m) while true do end" },
    { "loop_in_for_close", "the script takes",
      "local m = { __close = function() while true do end end }\n"
      "for _ in next, { 1, 2 }, nil, setmetatable({}, m) do end" },
    { "loop_in_index", "the script takes",
      "local t = setmetatable({}, { __index = function() while true do end end })"
      " return t.x" },
    { "index_chain", "'__index' chain too long",
      "local t = {} for i = 1, 3000 do t = setmetatable({}, { __index = t }) end "
      "while true do local _ = t.x end" },
    { "loop_in_tostring", "the script takes",
      "tostring(setmetatable({}, "
      "{ __tostring = function() while true do end end }))" },
    { "loop_in_comparison", "the script takes",
      "table.sort({ 1, 2, 3 }, function() while true do end end)" },
    { "sort_of_many", "the script takes",
      "local t = {} for i = 1, 2e5 do t[i] = -i end table.sort(t) table.sort(t)" },
    { "gsub_function", "the script takes", "('x'):gsub('x', function() while true do end end)" },
    { "gmatch_for_ever", "the script takes",
      "while true do for _ in ('xxx'):gmatch('') do end end" },
    { "many_copies", "the script takes",
      "local s = ('x'):rep(1e6) while true do local _ = s .. 1 end" },
    { "many_reversals", "the script takes",
      "local s = ('x'):rep(1e6) while true do s:reverse() end" },
    { "next_in_the_empty", "the script takes",
      "local t = {} for i = 1, 1e5 do t['k' .. i] = 1 end\n"
      "for i = 1, 1e5 do t['k' .. i] = nil end while true do next(t) end" },
    { "plain_find_on_all", "the script takes",
      "local s, w = ('a'):rep(1e6), ('a'):rep(5e5) .. 'b'\n"
      "while true do s:find(w, 1, true) end" },
    { "back_reference", "the script takes",
      "local s = ('a'):rep(1e5) while true do s:find('(a*)%1b') end" },
    { "balanced", "the script takes", "local s = ('('):rep(1e6) while true do s:find('%b()') end" },
    { "insert_at_front", "the script takes",
      "local t = {} while true do table.insert(t, 1, 0) end" },
    { "pattern_of_many_ways", "the script takes",
      "local s = ('a'):rep(2000) s:find('.-.-.-.-b') local _ = ('x'):find('.-y')" },
    // Memory.
    { "garbage_at_the_brink", "the script takes",
      "local t = {} for i = 1, 55 do t[i] = (i .. 'x'):rep(3e5) end\n"
      "while true do local _ = t[1] .. 'y' end" },
    { "pcall_of_memory", "the script takes",
      "while true do pcall(function() local t = {} for i = 1, 1e9 do\n"
      "t[i] = ('x'):rep(1e6) .. i end end) end" },
    { "one_long_text", "more than 4 MiB", "local s = ('x'):rep(1e6) s = s .. s .. s .. s .. s" },
    { "rep_of_many", "the text would be longer than", "('x'):rep(1 << 40)" },
    { "concat_of_many", "the text is longer than 1048576 bytes",
      "local t = {} for i = 1, 20 do t[i] = ('x'):rep(1e5) end "
      "table.concat(t)" },
    { "gsub_that_grows", "the text is longer than",
      "local s = ('x'):rep(1e6) s:gsub('x', ('y'):rep(1e3))" },
    { "format_that_grows", "the text is longer than",
      "('%s%s'):format(('x'):rep(1e6), ('x'):rep(1e6))" },
    { "char_of_many", "unpack takes positions from 1 to 256",
      "string.char(table.unpack({}, 1, 1e6))" },
    { "upvalues", "the script takes",
      "local f = next for i = 1, 1e9 do local g = f f = function() return g end end" },
    // The stack.
    { "recursion_through_pcall", "the script takes",
      "local function f() return pcall(f) end local function g() "
      "f() return 1 + g() end g()" },
    { "recursion_through_metatables", "C stack overflow",
      "local t = {} setmetatable(t, { __index = function(_, k) "
      "return t[k .. 'x'] end }) return t.x" },
    { "recursion_through_gsub", "C stack overflow",
      "local function f() return (('x'):gsub('x', f)) end f()" },
    { "recursion_through_sort", "C stack overflow",
      "local function f() table.sort({ 1, 2 }, f) end f()" },
    // Ways out.
    { "gc_added_later", "scripts have no '__gc'",
      "local m = {} local t = setmetatable({}, m) m.__gc = function() "
      "while true do end end t = nil for i = 1, 1e5 do local _ = {} end "
      "setmetatable({}, m)" },
    { "weak_chains", "scripts have no '__mode'", "setmetatable({}, { __mode = 'k' })" },
    { "protected_metatable", "this metatable is protected", "setmetatable(_ENV, {})" },
    { "numbers_metatable", "attempt to index a number value", "local n = 1 n.max = nil" },
    { "strings_metatable", "attempt to index a string value", "local s = '' s.rep = nil" },
    { "require", "scripts have no 'require'", "require 'io'" },
    { "dofile", "scripts have no 'dofile'", "dofile('/etc/passwd')" },
    { "dump", "string has no 'dump'", "string.dump(function() end)" },
    { "collectgarbage", "scripts have no 'collectgarbage'", "collectgarbage('stop')" },
    { "random", "math has no 'random'", "math.random()" },
    { "addresses", "no address",
      "error(tostring({}) == 'table' and tostring(next) == 'function' "
      "and 'no address' or nil)" },
    { "format_of_addresses", "'%p' is not understood", "('%p'):format({})" },
    // Errors.
    { "error_of_nothing", "the error is a nil", "error()" },
    { "error_of_a_number", "12; called from attack.lua:1", "error(12)" },
    { "error_without_a_place", "attack.lua: no place; called from attack.lua:1",
      "error('no place', 0)" },
    { "error_in_bytes", "attack.lua:1: ", "error('\\xff\\xfe\\0 and \\n lines')" },
    { "long_error", "attack.lua:1: xxx", "error(('x'):rep(1e6))" },
    { "no_declaration", "must return diffusion.schedule", "return {}" },
    { "not_lua", "attack.lua:1: unexpected symbol", "return diffusion.schedule {" },
    { "not_utf8", "byte 3 is not UTF-8", "-- \xff" },
    { "two_declarations", "a script makes one declaration",
      "diffusion.schedule { api = 1, name = 'a', betas = function() end } "
      "return diffusion.schedule { api = 1, name = 'b', betas = type }" },
};

static const char *const fine[][2] = {
    { "late_weakness_has_no_effect",
      "local m = {} local t = setmetatable({}, m) m.__mode = 'v' m.__gc = error m.__index = error\n"
      "t[1] = {} for i = 1, 1e4 do local _ = {} end assert(t[1] and t.x == nil)" },
    { "objects", "local C = {} C.__index = C C.__add = function(a, b) return C.new(a.v + b.v) end\n"
                 "function C.new(v) return setmetatable({ v = v }, C) end\n"
                 "function C:get() return self.v end\n"
                 "assert((C.new(1) + C.new(2)):get() == 3)\n"
                 "C.__eq = function(a, b) return a.v == b.v end assert(C.new(1) == C.new(1))" },
    { "pcall_catches_what_is_the_scripts_own",
      "local ok, why = pcall(error, 'x', 0) assert(not ok and why == 'x')\n"
      "assert(select('#', pcall(function() return 1, nil, nil end)) == 4)\n"
      "local t = {} ok, why = pcall(error, t) assert(why == t)" },
    { "a_million_steps_less_a_few", "for i = 1, 2e5 do local _ = i end" },
    { "globals_of_its_own", "function helper() return 1 end assert(helper() == 1)" },
    { "close", "local n = 0 do local x <close> = setmetatable({}, { __close = function() n = 1 "
               "end }) end assert(n == 1)" },
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
        assert_refused(&error, SFM_ERROR_BAD_FILE, "not a file");
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

static void an_error_says_which_lines_led_to_it(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = scratch_text("lines.lua", "local function f()\n  error('no')\nend\n"
                                                      "local function g()\n  f()\nend\ng()");
    g_assert_null(sfm_script_load(path, &error));
    g_assert_cmpstr(error->message, ==, "lines.lua:2: no; called from lines.lua:5, lines.lua:7");
}

// "a and a and ...": each `and` makes Lua's compiler walk all those before it.
static char *repeated(const char *head, const char *part, size_t num, const char *tail)
{
    GString *text = g_string_new(head);
    for (size_t i = 0; i < num; i++)
        g_string_append(text, part);
    g_string_append(text, tail);
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
    g_test_add_func("/script/sandbox/every_recorded_attack_ends_in_an_error_that_names_the_script",
                    every_recorded_attack_ends_in_an_error_that_names_the_script);
    g_autofree char *conditions = repeated("local a = 1 return a", " and a", 43000, "");
    g_autofree char *parentheses = repeated("return ", "(", 100000, "1");
    const char *const long_conditions[] = { "", "the script takes", conditions };
    const char *const deep_parentheses[] = { "", "C stack overflow", parentheses };
    add("attack", "long_conditions", long_conditions, attack);
    add("attack", "deep_parentheses", deep_parentheses, attack);
    for (size_t i = 0; i < G_N_ELEMENTS(attacks); i++)
        add("attack", attacks[i][0], attacks[i], attack);
    for (size_t i = 0; i < G_N_ELEMENTS(fine); i++)
        add("accept", fine[i][0], fine[i][1], accept);
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
