// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs every script of a folder (this one, unless another is the argument) as a
// host would, twice: loads it, asks a schedule for levels, runs a sampler on
// the reference runner. Each says in its first lines what it tries and how that
// must end:
//
//     -- Endless work where no error can be caught.
//     -- ends: the script takes too many instructions
//
// "ends: harmlessly" is for what must just run. An error is one line that starts
// with the script's name; whatever happens, the pool of tensors is empty after
// the run, every buffer is freed, and nothing takes long.

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "script/body.h"

#include "../unit/script_host.h"

#define MOST_SECONDS 8  // of processor time for one run, under a sanitizer
#define LONG         1  // seconds of a run that is not worth a second one
#define PATIENCE     60 // seconds of the wall's clock for one attack

static const char marker[] = "-- ends: ";

static double cpu_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void assert_pool_empty(const SfmScript *script)
{
    const SfmPool *pool = &script->pool;
    g_assert_null(pool->runner);
    g_assert_null(script->run);
    for (int i = 0; i < SFM_POOL_MAX; i++) {
        g_assert_null(pool->full[i].buffer);
        g_assert_null(pool->single[i].buffer);
    }
}

static bool run_sampler(SfmScript *script, GError **error)
{
    Host host;
    host_init(&host, 1);
    float data[SIZE];
    memcpy(data, start, sizeof data);
    SfmScriptClaims claims;
    const bool ok =
        run_script(&host, script, data, error) && sfm_script_claims(script, &claims, error);
    assert_pool_empty(script);
    g_assert_cmpint(host.num_buffers, ==, host.num_freed);
    host_clear(&host);
    return ok;
}

static bool run_schedule(SfmScript *script, GError **error)
{
    Host host;
    host_init(&host, 1);
    g_auto(SfmLevels) levels = { 0 };
    const bool ok = sfm_script_levels(script, &host.model, 3, &levels, error);
    host_clear(&host);
    return ok;
}

// One run, timed.
static bool turn(SfmScript *script, GError **error)
{
    const double began = cpu_seconds();
    const bool sampler = sfm_script_info(script)->kind == SFM_SCRIPT_SAMPLER;
    const bool ok = sampler ? run_sampler(script, error) : run_schedule(script, error);
    g_test_message("ran for %.3f s", cpu_seconds() - began);
    g_assert_cmpfloat(cpu_seconds() - began, <, MOST_SECONDS);
    return ok;
}

// What the script says of its end; the caller's.
static char *promised_end(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) text = sfm_script_read(path, &error);
    g_assert_no_error(error);
    g_autofree char *copy = g_strndup(g_bytes_get_data(text, NULL), g_bytes_get_size(text));
    g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
    g_assert_true(g_str_has_prefix(lines[0], "-- ")); // what it tries
    for (char **line = lines; *line && g_str_has_prefix(*line, "--"); line++) {
        if (g_str_has_prefix(*line, marker))
            return g_strdup(*line + strlen(marker));
    }
    g_error("%s: says nothing of its end", path);
}

static void check_end(const char *path, const GError *error)
{
    g_autofree char *promised = promised_end(path);
    g_autofree char *name = g_path_get_basename(path);
    const char *said = error ? error->message : "harmlessly";
    g_test_message("%s", said);
    if (!strstr(said, promised)) {
        g_test_fail_printf("ends in \"%s\" instead of \"%s\"", said, promised);
        return;
    }
    if (!error)
        return;
    if (error->code == SFM_ERROR_BAD_SCRIPT)
        g_assert_true(g_str_has_prefix(error->message, name));
    for (const char *c = error->message; *c; c = g_utf8_next_char(c))
        g_assert_false(g_unichar_iscntrl(g_utf8_get_char(c)));
}

static void attack(gconstpointer path)
{
    g_autoptr(GError) error = NULL, second = NULL;
    alarm(PATIENCE); // ends the program: better than a test that hangs
    const double began = cpu_seconds();
    g_autoptr(SfmScript) script = sfm_script_load(path, &error);
    g_test_message("loaded in %.3f s", cpu_seconds() - began);
    g_assert_cmpfloat(cpu_seconds() - began, <, MOST_SECONDS);
    const double loaded = cpu_seconds();
    const bool ended_well = script && turn(script, &error);
    if (script && cpu_seconds() - loaded < LONG) // its state is still one that can be used
        turn(script, ended_well ? &error : &second);
    check_end(path, error);
    alarm(0);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *find_scripts(const char *folder)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
    g_assert_no_error(error);
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir));) {
        if (g_str_has_suffix(name, ".lua"))
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    }
    g_ptr_array_sort(paths, by_text);
    return paths;
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *own = g_test_build_filename(G_TEST_DIST, "attacks", NULL);
    g_autoptr(GPtrArray) paths = find_scripts(argc > 1 ? argv[1] : own);
    for (guint i = 0; i < paths->len; i++) {
        g_autofree char *base = g_path_get_basename(paths->pdata[i]);
        base[strlen(base) - strlen(".lua")] = '\0';
        g_autofree char *name = g_strconcat("/attacks/", base, NULL);
        g_test_add_data_func(name, paths->pdata[i], attack);
    }
    return g_test_run();
}
