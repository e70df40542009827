// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every block of Lua in docs/scripts.md is a script, fields of one, or a piece of
// a step, and does what it says: it is completed to a script and run dry.
#include <sfumato/scripts.h>

#include "../unit/scratch.h"

#define ETA "{ 'eta', type = 'number', default = 0, min = 0, max = 1 }"

// What a block is, by how it begins.
static char *complete(const char *block)
{
    if (strstr(block, "return diffusion."))
        return g_strdup(block);
    if (g_str_has_prefix(block, "local "))
        return g_strdup_printf("return diffusion.sampler { api = 1, name = 'it', adaptive = true,\n"
                               "step = function(ctx, x, x0, eps, a, b, p)\n%s return y end }",
                               block);
    return g_strdup_printf("return diffusion.sampler { api = 1, name = 'it', params = { " ETA
                           " },\n"
                           "step = function(ctx, x, x0) return x0 end,\n%s}",
                           block);
}

static void runs_dry(gconstpointer block)
{
    g_autofree char *text = complete(block);
    g_autofree char *path = scratch_text("it.lua", text);
    g_autoptr(SfmScriptReport) report = sfm_script_check(path);
    for (guint i = 0; i < report->problems->len; i++)
        g_error("%s in\n%s", (char *)report->problems->pdata[i], text);
    g_assert_cmpint(report->num_runs, >, 0);
}

static int add_blocks(const char *page)
{
    int num = 0;
    g_auto(GStrv) parts = g_strsplit(page, "\n```lua\n", -1);
    for (; parts[num + 1]; num++) {
        const char *end = strstr(parts[num + 1], "\n```\n");
        g_assert_nonnull(end);
        g_autofree char *path = g_strdup_printf("/script/guide/runs_dry/%d", num + 1);
        char *block = g_strndup(parts[num + 1], (gsize)(end - parts[num + 1]) + 1);
        g_test_add_data_func_full(path, block, runs_dry, g_free);
    }
    return num;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *page = NULL;
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 2);
    g_file_get_contents(argv[1], &page, NULL, &error);
    g_assert_no_error(error);
    scratch_open();
    g_assert_cmpint(add_blocks(page), >=, 8);
    const int result = g_test_run();
    scratch_close();
    return result;
}
