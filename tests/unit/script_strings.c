// SPDX-License-Identifier: GPL-3.0-or-later
//
// A script's string and table functions against Lua's own: each expression is
// evaluated by both, and must give the same.

#include <lauxlib.h>
#include <lualib.h>

#include "script/script.h"

#include "scratch.h"

// Values as one text.
static const char flatten[] =
    "local function flat(...) local t = { ... } for i = 1, select('#', ...) do\n"
    "t[i] = tostring(t[i]) end return table.concat(t, '|') end\n";

// What Lua itself says. NULL: an error.
static char *ask_lua(const char *expression)
{
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    g_autofree char *text = g_strdup_printf("%sreturn flat(%s)", flatten, expression);
    char *answer = NULL;
    if (luaL_dostring(L, text) == LUA_OK)
        answer = g_strdup(lua_tostring(L, -1));
    lua_close(L);
    return answer;
}

static void run_in_sandbox(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *whole = g_strdup_printf(
        "%s%s\nreturn diffusion.schedule { api = 1, name = 'x', betas = type }", flatten, text);
    g_autofree char *path = scratch_text("it.lua", whole);
    g_autoptr(SfmScript) script = sfm_script_load(path, &error);
    g_assert_no_error(error);
    g_assert_nonnull(script);
}

static const char *const expressions[] = {
    // sub, byte, char, len, case, reverse, rep
    "('hello'):sub(2, 3), ('hello'):sub(-3), ('hello'):sub(2), ('hello'):sub(0, 9)",
    "('hello'):sub(4, 2), ('hello'):sub(-99, -5), ('hello'):sub(9), (''):sub(1, 1)",
    "('hello'):byte(), ('hello'):byte(-1), ('hello'):byte(2, 4), ('hello'):byte(9)",
    "string.char(), string.char(72, 105, 33), #string.char(0, 255)",
    "('Hello'):upper(), ('Hello'):lower(), ('abc'):reverse(), (''):reverse(), #'x\\0y'",
    "('ab'):rep(3), ('ab'):rep(3, '-'), ('ab'):rep(0), ('ab'):rep(-1, 'x'), ('ab'):rep(1, 'x')",
    // find and match
    "('hello'):find('l'), ('hello'):find('xyz'), ('hello'):find(''), ('hello'):find('', 9)",
    "('hello'):find('', 6), ('a.b'):find('.', 2, true), ('a.b'):find('%.')",
    "('hello'):find('l', -2), ('hello'):find('l', -99), ('hello'):find('(l)(l)')",
    "('key = value'):match('(%w+)%s*=%s*(%w+)'), ('x'):match('()'), ('abc'):match('()b()')",
    "('  trim  '):match('^%s*(.-)%s*$'), ('abc'):match('^b'), ('abc'):match('b', 2)",
    "('2024-05-06'):match('(%d+)-(%d+)-(%d+)'), ('f(a(b)c)d'):match('%b()')",
    "('THE (quick) fox'):find('%((%a+)%)'), ('hello hello'):match('(h.-o) %1')",
    "('THE fox'):gsub('%f[%a]%a+', '<%0>'), ('x^y'):find('^', 1, true), ('a$b'):match('a$b')",
    "('[]'):match('[]]'), ('a-z'):match('[a%-]+'), ('a]b'):match('[^]]+'), ('5'):match('[0-9a-]')",
    "('äö'):match('[\\x80-\\xff]+'), ('a\\0b'):find('\\0'), ('a\\0b'):find('\\0.')",
    "('%d'):gsub('%%d', '%%'), ('aaa'):match('a-'), ('aaa'):match('a-$'), ('aaab'):match('a-b')",
    "('abc'):match('[a-c]+'), ('abc'):match('[^a-b]'), ('abc'):match('%u'), ('aBc'):match('%u')",
    "('x  y'):match('%S+$'), ('1.5e3'):match('^[+-]?%d+%.?%d*[eE]?[+-]?%d*$')",
    // gsub and gmatch
    "('hello world'):gsub('o', '0'), ('hello world'):gsub('o', '0', 1), ('abc'):gsub('', '-')",
    "('hello'):gsub('l', { l = 'L' }), ('hello'):gsub('.', { h = 1, o = false })",
    "('hello'):gsub('(.)(.)', '%2%1'), ('abc'):gsub('%w', '%0%0'), ('abc'):gsub('b', '%%')",
    "('abc'):gsub('.', function(c) if c == 'b' then return c:upper() end end)",
    "('abc'):gsub('^a', 'x'), ('aaa'):gsub('^a', 'x'), ('abc def'):gsub('%f[%w]%w+', string.upper)",
    "(function() local t = {} for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do t[#t + 1] = k .. v "
    "end return table.concat(t, ';') end)()",
    "(function() local t = {} for w in ('one two'):gmatch('%a*') do t[#t + 1] = '<' .. w .. '>' "
    "end return table.concat(t) end)()",
    "(function() local n = 0 for _ in ('abc'):gmatch('') do n = n + 1 end return n end)()",
    "(function() local t = {} for p in ('abc'):gmatch('()') do t[#t + 1] = p end "
    "return table.concat(t, ',') end)()",
    // format
    "('%d %5d %-5d| %05d %+d %x %X %o %i'):format(1, 2, 3, 4, 5, 255, 255, 8, 9)",
    "('%f %.2f %e %g %G %a'):format(1.5, 1.005, 12345.678, 1e20, 1e-10, 0.5)",
    "('%s %10s %-10s| %.2s %s %s'):format('a', 'b', 'c', 'defg', nil, true)",
    "('%c%c%% %5.1f %s'):format(72, 105, 2.25, 1.5), ('%99.99f'):format(1e300) == nil",
    "('%s'):format(12), ('%d'):format(3.0), ('%5s|%-5s|'):format(1, 2)",
    // tables
    "table.concat({ 1, 2, 3 }, ', '), table.concat({}), table.concat({ 'a', 'b', 'c' }, '-', 2, 3)",
    "(function() local t = { 1, 2, 3 } table.insert(t, 4) table.insert(t, 1, 0) "
    "return table.unpack(t) end)()",
    "(function() local t = { 1, 2, 3 } local a, b = table.remove(t), table.remove(t, 1) "
    "return a, b, #t, t[1], table.remove({}), table.remove({ 1 }, 2) end)()",
    "(function() local t = table.move({ 1, 2, 3, 4 }, 2, 4, 1) return table.unpack(t) end)()",
    "(function() local t = table.move({ 1, 2, 3 }, 1, 3, 2) return table.unpack(t) end)()",
    "(function() local t = table.move({ 1, 2, 3 }, 1, 3, 3, { 9, 9 }) return table.unpack(t) "
    "end)()",
    "table.pack(1, nil, 3).n, table.unpack({ 1, 2, 3 }, 2), table.unpack({ 1, 2 }, 1, 3)",
    "(function() local t = { 5, 2, 8, 1, 9, 3 } table.sort(t) return table.unpack(t) end)()",
    "(function() local t = { 'b', 'a', 'C' } table.sort(t, function(a, b) return a > b end) "
    "return table.unpack(t) end)()",
    "(function() local t = {} for i = 1, 100 do t[i] = i * 37 % 101 end table.sort(t) "
    "for i = 1, 100 do if t[i] ~= i then return i end end return 'sorted' end)()",
};

static void gives_what_lua_gives(gconstpointer expression)
{
    g_autofree char *want = ask_lua(expression);
    g_assert_nonnull(want);
    g_autofree char *text = g_strdup_printf("local got = flat(%s)\n"
                                            "if got ~= [==[%s]==] then error('got ' .. got) end",
                                            (const char *)expression, want);
    run_in_sandbox(text);
}

// Functions that fail where Lua's do.
static void fails_where_lua_fails(void)
{
    static const char *const calls[] = {
        "('x'):find('[')",       "('x'):find('(')",       "('x'):match(')')",
        "('x'):find('%')",       "('x'):find('%1')",      "('x'):find('(%1)')",
        "('x'):find('%b')",      "('x'):find('%f')",      "('x'):rep()",
        "('x'):gsub('x')",       "('x'):gsub('x', '%2')", "('x'):gsub('x', '%')",
        "('x'):gsub('x', next)", "('%d'):format('x')",    "('%d'):format(1.5)",
        "('%d'):format()",       "('%y'):format(1)",      "('%123d'):format(1)",
        "string.char(256)",      "table.concat({ {} })",  "table.insert({}, 5, 1)",
        "table.insert({})",      "table.remove({}, 5)",   "table.sort({ 1, 'x' })",
        "('x'):sub({})",         "table.unpack(5)",       "table.move({}, 1, 1)",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(calls); i++) {
        g_autofree char *tried = g_strdup_printf("pcall(function() return %s end)", calls[i]);
        g_autofree char *lua = ask_lua(tried);
        if (!g_str_has_prefix(lua, "false|"))
            g_error("Lua does not fail at %s", calls[i]);
        g_autofree char *text = g_strdup_printf("assert(not %s)", tried);
        run_in_sandbox(text);
    }
}

static void append_random(GString *out, GRand *rand, const char *alphabet, int most)
{
    const int size = g_rand_int_range(rand, 0, most + 1);
    for (int i = 0; i < size; i++)
        g_string_append_c(out, alphabet[g_rand_int_range(rand, 0, (gint32)strlen(alphabet))]);
}

// Where both accept a pattern; Lua finds some mistakes only when it gets there.
static void random_patterns_match_as_lua_matches(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    g_autoptr(GString) text = g_string_new("local num = 0\n");
    int num = 0;
    for (int i = 0; i < 1000; i++) {
        g_autoptr(GString) subject = g_string_new("");
        g_autoptr(GString) pattern = g_string_new("");
        append_random(subject, rand, "aab(b)1 x", 12);
        append_random(pattern, rand, "aab.%*+-?[]()^$1bfdwSx", 7);
        g_autofree char *call = g_strdup_printf("pcall(string.find, [==[%s]==], [==[%s]==])",
                                                subject->str, pattern->str);
        g_autofree char *want = ask_lua(call);
        if (!g_str_has_prefix(want, "true|"))
            continue;
        g_string_append_printf(
            text,
            "do local r = flat(%s) if r:sub(1, 5) == 'true|' then num = num + 1\n"
            "if r ~= [==[%s]==] then error(r .. ' for ' .. [===[%s]===]) end end "
            "end\n",
            call, want, call);
        num++;
    }
    g_string_append_printf(text, "assert(num > 0.7 * %d)", num);
    g_assert_cmpint(num, >, 200);
    run_in_sandbox(text->str);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_open();
    for (size_t i = 0; i < G_N_ELEMENTS(expressions); i++) {
        g_autofree char *path = g_strdup_printf("/script/strings/gives_what_lua_gives/%zu", i);
        g_test_add_data_func(path, expressions[i], gives_what_lua_gives);
    }
    g_test_add_func("/script/strings/fails_where_lua_fails", fails_where_lua_fails);
    g_test_add_func("/script/strings/random_patterns_match_as_lua_matches",
                    random_patterns_match_as_lua_matches);
    const int result = g_test_run();
    scratch_close();
    return result;
}
