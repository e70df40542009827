// SPDX-License-Identifier: GPL-3.0-or-later
//
// Calls every function of the script API, as sampler.lua and schedule.lua have
// it, and sees that what the manual lists is what scripts can reach.

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
    g_test_add_func("/script/api/whatever_a_script_can_reach_is_in_the_table",
                    whatever_a_script_can_reach_is_in_the_table);
    return g_test_run();
}
