// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a script may say of itself, and how its knobs are set.

#include <math.h>

#include "script/script.h"

#include "scratch.h"

static SfmScript *load(const char *text, GError **error)
{
    g_autofree char *path = scratch_text("it.lua", text);
    return sfm_script_load(path, error);
}

static const char whole[] =
    "return diffusion.sampler {\n"
    "  api = 1, name = 'all-of-it', title = _'All', license = 'CC0-1.0',\n"
    "  order = 2, evals = 3, adaptive = true,\n"
    "  params = {\n"
    "    { 'eta', type = 'number', default = 0.5, min = 0, max = 1, step = 0.05,\n"
    "      label = _'Eta', help = _'How much' },\n"
    "    { 'again', type = 'integer', default = -3 },\n"
    "    { 'up', type = 'boolean', default = true },\n"
    "    { 'kind', type = 'choice', default = 'b', choices = { 'a', 'b' } },\n"
    "    { 'words', type = 'text', default = 'käse' },\n"
    "  },\n"
    "  sample = function() end,\n"
    "}\n";

static void a_declaration_is_what_the_info_says(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) script = load(whole, &error);
    g_assert_no_error(error);
    g_autoptr(SfmScriptInfo) info = sfm_script_info_copy(sfm_script_info(script));

    g_assert_cmpint(info->kind, ==, SFM_SCRIPT_SAMPLER);
    g_assert_cmpstr(info->name, ==, "all-of-it");
    g_assert_cmpstr(info->title, ==, "All");
    g_assert_cmpstr(info->license, ==, "CC0-1.0");
    g_assert_true(g_str_has_suffix(info->path, "/it.lua"));
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, whole, -1);
    g_assert_cmpstr(info->hash, ==, hash);
    g_assert_cmpint(info->order, ==, 2);
    g_assert_cmpint(info->evals, ==, 3);
    g_assert_true(info->adaptive && !info->stochastic);

    g_assert_cmpuint(info->num_params, ==, 5);
    const SfmParam *eta = &info->params[0], *again = &info->params[1], *kind = &info->params[3];
    g_assert_cmpstr(eta->label, ==, "Eta");
    g_assert_cmpstr(eta->help, ==, "How much");
    g_assert_true(eta->min == 0 && eta->max == 1 && eta->step == 0.05);
    g_assert_true(eta->default_number == 0.5);
    g_assert_true(isinf(again->min) && isinf(again->max) && again->default_number == -3);
    g_assert_cmpint(info->params[2].type, ==, SFM_PARAM_BOOLEAN);
    g_assert_cmpstr(kind->choices[0], ==, "a");
    g_assert_null(kind->choices[2]);
    g_assert_cmpstr(info->params[4].default_text, ==, "käse");
}

static void what_is_left_out_has_a_default(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) script =
        load("return diffusion.schedule { api = 1, name = 'x', sigmas = function() end }", &error);
    g_assert_no_error(error);
    const SfmScriptInfo *info = sfm_script_info(script);
    g_assert_cmpint(info->kind, ==, SFM_SCRIPT_SCHEDULE);
    g_assert_cmpstr(info->title, ==, "x");
    g_assert_null(info->license);
    g_assert_cmpint(info->evals, ==, 1);
    g_assert_cmpuint(info->num_params, ==, 0);
}

static void every_schedule_with_betas_has_the_hosts_knobs(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) script =
        load("return diffusion.schedule { api = 1, name = 'x', betas = function() end }", &error);
    g_assert_no_error(error);
    g_auto(GStrv) settings = sfm_script_settings(script);
    g_autofree char *all = g_strjoinv(" ", settings);
    g_assert_cmpstr(all, ==, "spacing=model steps_offset=-1 zero_snr=false");
    g_assert_false(sfm_script_set(script, "steps_offset", "-2", &error));
    assert_refused(&error, SFM_ERROR_BAD_ARGUMENT,
                   "steps_offset must be an integer from -1 to 1000, not '-2'");
    g_assert_true(sfm_script_set(script, "spacing", "trailing", &error));
    g_assert_false(sfm_script_set(script, "spacing", "even", &error));
    assert_refused(&error, SFM_ERROR_BAD_ARGUMENT,
                   "spacing must be one of model, leading, linspace, trailing, not 'even'");
}

static void knobs_are_set_from_text(void)
{
    static const char *const settings[][3] = {
        { "eta", "1e-1", "eta=0.1" },  { "eta", "1", "eta=1" },
        { "again", "-7", "again=-7" }, { "again", "12345678901", "again=12345678901" },
        { "up", "false", "up=false" }, { "kind", "a", "kind=a" },
        { "words", "", "words=" },     { "words", "x=y, z", "words=x=y, z" },
        { "eta", "0.3", "eta=0.3" },   { "again", "1000", "again=1000" },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) script = load(whole, &error);
    for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
        sfm_script_set(script, settings[i][0], settings[i][1], &error);
        g_assert_no_error(error);
        g_auto(GStrv) now = sfm_script_settings(script);
        g_assert_true(g_strv_contains((const char *const *)now, settings[i][2]));
    }
}

static void a_bad_value_is_refused_with_name_range_and_value(void)
{
    static const char *const settings[][3] = {
        { "eta", "1.5", "eta must be a number from 0 to 1, not '1.5'" },
        { "eta", "nan", "not 'nan'" },
        { "eta", "0x1", "not '0x1'" },
        { "eta", " 1", "not ' 1'" },
        { "eta", "", "not ''" },
        { "eta", "0,3", "not '0,3'" },
        { "eta", "1e999", "not '1e999'" },
        { "again", "1.5", "again must be an integer, not '1.5'" },
        { "again", "99999999999999999999", "again must be an integer" },
        { "up", "yes", "up must be true or false, not 'yes'" },
        { "kind", "c", "kind must be one of a, b, not 'c'" },
        { "words", "\xff", "words must be UTF-8" },
        { "etta", "1", "all-of-it has no knob 'etta', did you mean 'eta'?" },
        { "quite_another", "1", "all-of-it has no knob 'quite_another'" },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) script = load(whole, &error);
    g_auto(GStrv) before = sfm_script_settings(script);
    for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
        g_assert_false(sfm_script_set(script, settings[i][0], settings[i][1], &error));
        assert_refused(&error, SFM_ERROR_BAD_ARGUMENT, settings[i][2]);
    }
    g_auto(GStrv) after = sfm_script_settings(script);
    g_assert_true(g_strv_equal((const char *const *)before, (const char *const *)after));
}

// The fields of a sampler that is else in order, and what must be said of them.
static const char *const mistakes[][2] = {
    { "defualt = 1", "it.lua:1: unknown key 'defualt'" },
    { "tilte = 'x'", "unknown key 'tilte', did you mean 'title'?" },
    { "'x'", "unknown key '1'" },
    { "title = 5", "'title' must be a text, not a number" },
    { "title = 'a\\nb'", "'title' must be one line of UTF-8" },
    { "title = '\\xff'", "'title' must be one line of UTF-8" },
    { "order = -1", "'order' must be an integer from 0 to 100, not -1" },
    { "order = 1.5", "'order' must be an integer" },
    { "order = 0/0", "'order' must be finite" },
    { "evals = 0", "'evals' must be an integer from 1" },
    { "stochastic = 1", "'stochastic' must be true or false, not a number" },
    { "stochastic = true, order = 1", "a stochastic sampler has no 'order'" },
    { "order = function() return 1.5 end", "'order' must be an integer from 0 to 100, not 1.5" },
    { "order = function() return {} end", "'order' must be a number, not a table" },
    { "order = function(p) return p.eta end", "there is no knob 'eta'" },
    { "evals = function() return 0 end", "'evals' must be an integer from 1" },
    { "evals = function() return 'x' end", "'evals' must be a number, not a string" },
    { "stochastic = function() return 1 end", "'stochastic' must be true or false" },
    { "stochastic = function() return true end, order = 1", "a stochastic sampler has no" },
    { "evals = function() while true do end end", "is there an endless loop?" },
    { "adaptive = function() end", "'adaptive' must be true or false, not a function" },
    { "guidance = 2", "'guidance' must be a function, not a number" },
    { "sample = function() end", "'step' and 'sample' are both declared: one of them must go" },
    { "license = {}", "'license' must be a text, not a table" },
    { "license = 'a\\194\\155b'", "'license' must be one line of UTF-8" },
    { "title = ('x'):rep(4097)", "'title' must be one line of UTF-8 of at most 4096 bytes" },
    { "sigmas = function() end", "unknown key 'sigmas'" },
    { "order = '1'", "'order' must be a number, not a string" },
    { "order = 101", "'order' must be an integer from 0 to 100, not 101" },
    { "evals = 1/0", "'evals' must be finite" },
    { "adaptive = 'yes'", "'adaptive' must be true or false, not a string" },
    { "params = 5", "'params' must be a list of knobs, not a number" },
    { "params = { x = {} }", "params: unknown key 'x'" },
    { "params = { 'eta' }", "params[1] must be a table, not a string" },
    { "params = { {} }", "params[1]: '[1]' is missing: it must be the knob's name" },
    { "params = { { 'Eta' } }", "params[1]: the name 'Eta' is not of the letters" },
    { "params = { { 'a' } }", "knob 'a': 'type' is missing" },
    { "params = { { 'a', type = 'float' } }", "'type' must be number, integer, boolean, choice" },
    { "params = { { 'a', type = 'number' } }", "knob 'a': 'default' is missing" },
    { "params = { { 'a', type = 'number', defualt = 1 } }",
      "knob 'a': unknown key 'defualt', did you mean 'default'?" },
    { "params = { { 'a', type = 'number', default = 2, max = 1 } }",
      "knob 'a': 'default' is 2, not from -inf to 1" },
    { "params = { { 'a', type = 'number', default = 1/0 } }", "'default' must be finite" },
    { "params = { { 'a', type = 'integer', default = 1.5 } }", "must be integers" },
    { "params = { { 'a', type = 'number', default = 1, step = -1 } }", "'step' must not be" },
    { "params = { { 'a', type = 'boolean', default = 1 } }", "'default' must be true or false" },
    { "params = { { 'a', type = 'boolean', default = true, min = 0 } }", "'min' does not apply" },
    { "params = { { 'a', type = 'text', default = '', choices = {} } }",
      "'choices' does not apply" },
    { "params = { { 'a', type = 'choice', default = 'x', choices = { 'y' } } }",
      "'default' is 'x', which is none of its choices" },
    { "params = { { 'a', type = 'choice', default = 'x' } }", "'choices' is missing" },
    { "params = { { 'a', type = 'choice', default = 'x', choices = { 'x', 1 } } }",
      "knob 'a': 'choices[2]' must be a text, not a number" },
    { "params = { { 'a', type = 'choice', default = 'x', choices = {} } }",
      "knob 'a': 'choices' must be a list of 1 to 100 texts" },
    { "params = { { 'a', type = 'choice', default = 'x', choices = 'x' } }",
      "knob 'a': 'choices' must be a list of texts, not a string" },
    { "params = { { 'a', type = 'choice', default = 'x', choices = { 'x', 'y', 'x' } } }",
      "knob 'a': 'choices[3]' is 'x', which is there already" },
    { "params = { { 'a', type = 'choice', default = 'x', choices = { 'x', '' } } }",
      "knob 'a': 'choices[2]' is empty" },
    { "params = { { 'a', type = 'choice', default = 'x', choices = { 'x', y = 'z' } } }",
      "knob 'a': choices: unknown key 'y'" },
    { "params = { { 'a', type = 'choice', choices = { 'x' } } }",
      "knob 'a': 'default' is missing" },
    { "params = { { 'a', type = 'number', default = 1, min = 2, max = 0 } }",
      "knob 'a': 'min' is 2, which is above 'max', 0" },
    { "params = { { 'a', type = 'number', default = 1, min = '0' } }",
      "knob 'a': 'min' must be a number, not a string" },
    { "params = { { 'a', type = 'number', default = '1' } }",
      "knob 'a': 'default' must be a number, not a string" },
    { "params = { { 'a', type = 'number', default = 1, max = 0/0 } }",
      "knob 'a': 'max' must be finite" },
    { "params = { { 'a', type = 'integer', default = 1, min = 0.5 } }",
      "knob 'a': 'default', 'min', 'max' and 'step' of an integer must be integers" },
    { "params = { { 'a', type = 'integer', default = 1, step = 0.5 } }", "must be integers" },
    { "params = { { 'a', type = 'integer', default = 1e17 } }", "must be integers" },
    { "params = { { 'a', type = 'text', default = 5 } }",
      "'default' must be a text, not a number" },
    { "params = { { 'a', type = 'text' } }", "knob 'a': 'default' is missing" },
    { "params = { { 'a', type = 'text', default = ('x'):rep(4097) } }", "at most 4096 bytes" },
    { "params = { { 'a', type = 'text', default = '', label = 5 } }",
      "knob 'a': 'label' must be a text, not a number" },
    { "params = { { 'a', type = 'text', default = '', help = {} } }",
      "knob 'a': 'help' must be a text, not a table" },
    { "params = { { 'a', type = 'text', default = '', label = _5 } }", "scripts have no '_5'" },
    { "params = { { 'a', type = 'text', default = '', label = _(5) } }", "string expected" },
    { "params = { { 'a', 'b', type = 'text', default = '' } }", "knob 'a': unknown key '2'" },
    { "params = { { 5, type = 'text', default = '' } }",
      "params[1]: '[1]' must be the knob's name, not a number" },
    { "params = { { '', type = 'text', default = '' } }", "params[1]: the name '' is not of the" },
    { "params = { { ('x'):rep(65), type = 'text', default = '' } }", "64 at most" },
    { "params = { { 'a', type = 'number', default = 1 }, 5 }",
      "params[2] must be a table, not a number" },
    { "params = { { 'a', type = 'text', default = '' }, { 'a', type = 'text', default = '' } }",
      "there is a knob 'a' already" },
};

static void a_mistake_is_refused_by_its_name_and_line(gconstpointer data)
{
    const char *const *mistake = data;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strdup_printf(
        "return diffusion.sampler { api = 1, name = 'x', step = function() end, %s }", mistake[0]);
    g_assert_null(load(text, &error));
    g_assert_true(g_str_has_prefix(error->message, "it.lua:1: "));
    assert_refused(&error, SFM_ERROR_BAD_SCRIPT, mistake[1]);
}

// `%s` is where knobs go; what is said of the second has its line.
static const char *const layouts[][2] = {
    { "params = {\n{ 'a', type = 'text', default = '' },\n{ 'k', type = 'number' } }",
      "it.lua:4: " },
    { "params = { {\r\n'k', type = 'number' } }", "it.lua:3: " },
    { "params = { {--[[\n]]\"k\", type = 'number' } }", "it.lua:3: " },
    { "title = ([==[ ]]\n{ 'k' }]==]):sub(1, 1),\n-- { 'k'\n params = { { 'k', type = 'number' } }",
      "it.lua:5: " },
    { "title = '{ \\'k\\'', params = {\n{ 'k', type = 'number' } }", "it.lua:3: " },
    // It might be either, or is not there as such: the declaration's.
    { "params = {\n{ 'k', type = 'number' },\n{ 'l', choices = { 'k' } } }", "it.lua:1: " },
    { "params = {\n{ '\\107', type = 'number' } }", "it.lua:1: " },
    { "params = {\n{ type = 'number', 'k' } }", "it.lua:1: " },
};

static void a_knob_is_refused_with_its_own_line(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(layouts); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strdup_printf("return diffusion.sampler {\n api = 1, name = 'x', "
                                                "step = function() end, %s }",
                                                layouts[i][0]);
        g_autofree char *wanted =
            g_strconcat(layouts[i][1], "knob 'k': 'default' is missing", NULL);
        g_assert_null(load(text, &error));
        if (!g_str_has_prefix(error->message, wanted) || strstr(error->message, "called from"))
            g_error("got \"%s\", wanted \"%s\"", error->message, wanted);
    }
}

static void what_must_be_there_is_asked_for(void)
{
    static const char *const texts[][2] = {
        { "{}", "'api' is missing: it must be the number of the API it is written for, such as 1" },
        { "{ api = '1', name = 'x', step = type }",
          "'api' must be the number of the API it is written for, such as 1, not a string" },
        { "{ api = 2, name = 'x', future = 1 }",
          "the script needs API 2; this Sfumato runs 1: update Sfumato" },
        { "{ api = 1e300, name = 'x' }", "the script needs API 1e+300" },
        { "{ api = 0, name = 'x' }", "there is no API 0: the first is 1" },
        { "{ api = -1/0, name = 'x' }", "there is no API -inf" },
        { "{ api = 1.5, name = 'x' }", "'api' must be a whole number, not 1.5" },
        { "{ api = 0/0, name = 'x' }", "'api' must be a whole number, not" },
        { "{ api = 1, step = type }", "'name' is missing: it must be of the letters a-z" },
        { "{ api = 1, name = 5, step = type }", "'name' must be a text, not a number" },
        { "{ api = 1, name = '', step = type }", "'name' must be of the letters a-z" },
        { "{ api = 1, name = '-x', step = type }", "digits and -, which is not the first" },
        { "{ api = 1, name = ('x'):rep(65), step = type }", "64 at most" },
        { "{ api = 1, name = 'käse', step = type }", "not 'käse'" },
        { "{ api = 1, name = 'No Name', step = type }", "not 'No Name'" },
        { "{ api = 1, name = 'x' }", "either 'step' or 'sample' must be declared" },
        { "{ api = 1, name = 'x', step = 5 }", "'step' must be a function, not a number" },
        { "5", "table expected, got number" },
    };
    g_autoptr(GError) error = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *text = g_strdup_printf("return diffusion.sampler(%s)", texts[i][0]);
        g_assert_null(load(text, &error));
        assert_refused(&error, SFM_ERROR_BAD_SCRIPT, texts[i][1]);
    }
}

static void a_schedules_mistakes_are_refused_too(void)
{
    static const char *const texts[][2] = {
        { "order = 1, sigmas = type", "unknown key 'order'" },
        { "step = type", "unknown key 'step'" },
        { "title = 'x'", "either 'sigmas' or 'betas' must be declared" },
        { "sigmas = type, betas = type", "'sigmas' and 'betas' are both declared" },
        { "betas = { 0.1 }", "'betas' must be a function, not a table" },
        { "betas = type, params = { { 'spacing', type = 'text', default = '' } }",
          "params[1]: there is a knob 'spacing' already" },
        { "betas = type, params = { { 'a', type = 'text', default = '' }, { 'B' } }",
          "params[2]: the name 'B' is not of the letters" },
    };
    g_autoptr(GError) error = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *text =
            g_strdup_printf("return diffusion.schedule {\n api = 1, name = 'x', %s }", texts[i][0]);
        g_assert_null(load(text, &error));
        g_assert_true(g_str_has_prefix(error->message, "it.lua:1: "));
        assert_refused(&error, SFM_ERROR_BAD_SCRIPT, texts[i][1]);
    }
}

static void a_declaration_is_read_without_its_metamethods(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(load("return diffusion.sampler(setmetatable({}, { __index = function()\n"
                       "error('seen') end }))",
                       &error));
    assert_refused(&error, SFM_ERROR_BAD_SCRIPT, "'api' is missing");
}

static void the_host_says_what_it_has(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) script =
        load("assert(diffusion.has 'denoise' and diffusion.has 'quantile')\n"
             "assert(not diffusion.has 'time_machine')\n"
             "return diffusion.schedule { api = 1, name = 'x', sigmas = function() end }",
             &error);
    g_assert_no_error(error);
    g_assert_nonnull(script);
}

static const char with_claims[] =
    "return diffusion.sampler {\n"
    "  api = 1, name = 'it', params = { { 'eta', type = 'number', default = 0 },\n"
    "    { 'twice', type = 'boolean', default = false } },\n"
    "  order = function(p)\n"
    "    return p.eta == 0 and (p.twice and 2 or 1) or p.eta < 0 and 1.5 or nil\n"
    "  end,\n"
    "  evals = function(p) return p.twice and 2 end,\n"
    "  stochastic = function(p) return p.eta > 0 end,\n"
    "  step = function() end,\n"
    "}\n";

static void assert_claims(SfmScript *script, int order, int evals, bool stochastic)
{
    g_autoptr(GError) error = NULL;
    SfmScriptClaims claims;
    sfm_script_claims(script, &claims, &error);
    g_assert_no_error(error);
    g_assert_cmpint(claims.order, ==, order);
    g_assert_cmpint(claims.evals, ==, evals);
    g_assert_cmpint(claims.stochastic, ==, stochastic);
}

static void claims_may_depend_on_the_knobs(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) script = load(with_claims, &error);
    g_assert_no_error(error);
    const SfmScriptInfo *info = sfm_script_info(script);
    assert_claims(script, 1, 1, false);
    sfm_script_set(script, "twice", "true", NULL);
    assert_claims(script, 2, 2, false);
    sfm_script_set(script, "eta", "0.5", NULL);
    assert_claims(script, 0, 2, true);
    g_assert_true(info->order == 1 && info->evals == 1 && !info->stochastic);

    SfmScriptClaims claims = { .order = 7 };
    sfm_script_set(script, "eta", "-1", NULL);
    g_assert_false(sfm_script_claims(script, &claims, &error));
    assert_refused(&error, SFM_ERROR_BAD_SCRIPT,
                   "it.lua:4: 'order' must be an integer from 0 to 100, not 1.5");
    g_assert_cmpint(claims.order, ==, 7);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_open();
#define ADD(test) g_test_add_func("/script/declaration/" #test, test)
    ADD(a_declaration_is_what_the_info_says);
    ADD(what_is_left_out_has_a_default);
    ADD(every_schedule_with_betas_has_the_hosts_knobs);
    ADD(knobs_are_set_from_text);
    ADD(a_bad_value_is_refused_with_name_range_and_value);
    ADD(a_knob_is_refused_with_its_own_line);
    ADD(what_must_be_there_is_asked_for);
    ADD(a_schedules_mistakes_are_refused_too);
    ADD(a_declaration_is_read_without_its_metamethods);
    ADD(the_host_says_what_it_has);
    ADD(claims_may_depend_on_the_knobs);
    for (size_t i = 0; i < G_N_ELEMENTS(mistakes); i++) {
        g_autofree char *path =
            g_strdup_printf("/script/declaration/a_mistake_is_refused_by_its_name_and_line/%zu", i);
        g_test_add_data_func(path, mistakes[i], a_mistake_is_refused_by_its_name_and_line);
    }
    const int result = g_test_run();
    scratch_close();
    return result;
}
