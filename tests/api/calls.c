// SPDX-License-Identifier: GPL-3.0-or-later
//
// Calls every function of the script API, as sampler.lua and schedule.lua have
// it, and sees that what the manual lists is what scripts can reach.

#include <sfumato/scripts.h>

#include "file/json.h"
#include "script/api.h"
#include "script/body.h"

#include "../unit/script_host.h"

static SfmScript *open_script(const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "api", name, NULL);
    SfmScript *script = sfm_script_load(path, &error);
    g_assert_no_error(error);
    return script;
}

static bool run_call(Host *host, const char *call, GError **error)
{
    const bool schedules = strcmp(call, "diffusion.schedule") == 0;
    g_autoptr(SfmScript) script = open_script(schedules ? "schedule.lua" : "sampler.lua");
    g_auto(SfmLevels) levels = { 0 };
    float data[SIZE];
    memcpy(data, start, sizeof start);
    sfm_script_set(script, "call", call, NULL);
    return schedules ? sfm_script_levels(script, &host->model, 1, &levels, error)
                     : run_script(host, script, data, error);
}

static void gives_what_the_manual_says(gconstpointer call)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    run_call(&host, call, &error);
    g_assert_no_error(error);
    host_clear(&host);
}

// The test above fails where there is no call.
static void a_call_that_is_missing_is_seen(void)
{
    g_autoptr(GError) error = NULL;
    Host host;
    host_init(&host, 1);
    g_assert_false(run_call(&host, "ctx:fly", &error));
    assert_refused(&error, SFM_ERROR_BAD_SCRIPT, "no call of this name");
    host_clear(&host);
}

// ---- what there is, is in the table ----

// The table at the top has a field for each entry of a section of that prefix,
// and no other but those named.
static void assert_fields(lua_State *L, const char *prefix, const char *const others[])
{
    size_t num = 0;
    const SfmApiSection *sections = sfm_script_api(&num);
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        const char *name = lua_tostring(L, -2);
        bool known = others && g_strv_contains(others, name);
        for (size_t i = 0; i < num; i++) {
            const SfmApiEntry *entry = sfm_api_find(sections[i].entries, name);
            known |= entry && strcmp(sections[i].prefix, prefix) == 0;
        }
        if (!known)
            g_error("scripts can reach %s%s, which is not in the API's table", prefix, name);
    }
    lua_pop(L, 1);
}

static int look_around(lua_State *L)
{
    static const char *const tables[] = { "math", "string", "table", "diffusion", NULL };
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    for (int i = 0; tables[i]; i++) {
        g_autofree char *prefix = g_strconcat(tables[i], ".", NULL);
        g_assert_cmpint(lua_getfield(L, -1, tables[i]), ==, LUA_TTABLE);
        assert_fields(L, prefix, NULL);
    }
    assert_fields(L, "", tables);

    static const char *const hidden[] = { "__index", "__newindex", "__gc", "__name",
                                          "__pow",   "__lt",       "__le", NULL };
    luaL_getmetatable(L, "tensor");
    lua_getfield(L, -1, "__index");
    assert_fields(L, "y:", NULL);
    assert_fields(L, "", hidden);
    luaL_getmetatable(L, "ctx");
    lua_getfield(L, -1, "__index");
    assert_fields(L, "ctx:", NULL);
    sfm_model_push(L, lua_touserdata(L, 1));
    assert_fields(L, "model.", NULL);
    return 0;
}

static void whatever_a_script_can_reach_is_in_the_table(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SfmScript) script = open_script("sampler.lua");
    Host host;
    host_init(&host, 1);
    sfm_state_run(&script->state, look_around, &host.model, sfm_grant_call, &error);
    g_assert_no_error(error);
    host_clear(&host);
}

// ---- what is made of the table ----

// The entry of that name in the section of that title.
static json_t *find_entry(json_t *api, const char *title, const char *name)
{
    size_t i, k;
    json_t *section, *entry;
    json_array_foreach(json_object_get(api, "sections"), i, section)
    {
        if (strcmp(json_string_value(json_object_get(section, "title")), title) != 0)
            continue;
        json_array_foreach(json_object_get(section, "entries"), k, entry)
        {
            if (strcmp(json_string_value(json_object_get(entry, "name")), name) == 0)
                return entry;
        }
    }
    g_assert_not_reached();
}

static const char *field_of(json_t *entry, const char *list, size_t i, const char *key)
{
    return json_string_value(json_object_get(json_array_get(json_object_get(entry, list), i), key));
}

static void programs_read_it_as_JSON(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = sfm_script_api_text(SFM_API_JSON);
    g_autoptr(json_t) api = sfm_json_parse("api", text, strlen(text), &error);
    g_assert_no_error(error);
    g_assert_cmpint(json_integer_value(json_object_get(api, "api")), ==, SFM_API);

    json_t *call = find_entry(api, "What a sampler asks of its host", "denoise");
    g_assert_cmpuint(json_array_size(json_object_get(call, "arguments")), ==, 3);
    g_assert_cmpstr(field_of(call, "arguments", 0, "name"), ==, "x");
    g_assert_cmpstr(field_of(call, "arguments", 2, "type"), ==, "denoise_options");
    g_assert_cmpstr(field_of(call, "results", 1, "name"), ==, "eps");

    json_t *sort = find_entry(api, "table", "sort");
    g_assert_cmpuint(json_array_size(json_object_get(sort, "arguments")), ==, 2);
    g_assert_cmpstr(field_of(sort, "arguments", 1, "type"), ==, "fun(a: any, b: any): boolean");

    json_t *title = find_entry(api, "What a sampler declares", "title");
    g_assert_cmpstr(json_string_value(json_object_get(title, "type")), ==, "string");
    g_assert_true(json_is_true(json_object_get(title, "optional")));
}

static void the_stub_is_Lua(void)
{
    g_autofree char *text = sfm_script_api_text(SFM_API_STUB);
    lua_State *L = luaL_newstate();
    if (luaL_dostring(L, text) != LUA_OK)
        g_error("%s", lua_tostring(L, -1));
    lua_close(L);
    g_assert_nonnull(strstr(text, "\n---@operator mul(tensor|number): tensor\n"));
    g_assert_nonnull(strstr(text, "\n---@param options? denoise_options\n---@return tensor x0\n"
                                  "---@return tensor eps\n"
                                  "function context:denoise(x, sigma, options) end\n"));
    g_assert_null(strstr(text, "string.rep"));
}

static void the_manual_has_calls_and_fields(void)
{
    g_autofree char *text = sfm_script_api_text(SFM_API_MANUAL);
    g_assert_nonnull(strstr(text, "\n| `ctx:denoise(x: tensor, sigma: number, options?: "
                                  "denoise_options)` | `x0: tensor, eps: tensor` | Runs"));
    g_assert_nonnull(strstr(text, "\n| `ctx.model` | `model` | "));
    g_assert_nonnull(strstr(text, "\n| `y * z: tensor\\|number` | `tensor` | "));
    g_assert_nonnull(strstr(text, "\n| `title?` | `string` | "));
}

static void add_calls(const SfmApiSection *section)
{
    for (const SfmApiEntry *entry = section->entries; entry->name; entry++) {
        if (!entry->arguments)
            continue;
        g_autofree char *call = g_strconcat(section->prefix, entry->name, NULL);
        g_autofree char *path = g_strdup_printf("/script/api/gives_what_the_manual_says/%s", call);
        g_test_add_data_func_full(path, g_strdup(call), gives_what_the_manual_says, g_free);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    size_t num = 0;
    const SfmApiSection *sections = sfm_script_api(&num);
    for (size_t i = 0; i < num; i++)
        add_calls(&sections[i]);
    g_test_add_func("/script/api/a_call_that_is_missing_is_seen", a_call_that_is_missing_is_seen);
    g_test_add_func("/script/api/programs_read_it_as_JSON", programs_read_it_as_JSON);
    g_test_add_func("/script/api/the_stub_is_Lua", the_stub_is_Lua);
    g_test_add_func("/script/api/the_manual_has_calls_and_fields", the_manual_has_calls_and_fields);
    g_test_add_func("/script/api/whatever_a_script_can_reach_is_in_the_table",
                    whatever_a_script_can_reach_is_in_the_table);
    return g_test_run();
}
