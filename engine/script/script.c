// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/script.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "script/body.h"
#include "script/sandbox.h"
#include "script/term.h"

#define MAX_FILE ((size_t)256 << 10) // bytes
#define PIECE    ((size_t)1024)      // bytes that are compiled between two looks at the clock

static void clear_param(SfmParam *param)
{
    g_free(param->name);
    g_free(param->label);
    g_free(param->help);
    g_free(param->default_text);
    g_strfreev(param->choices);
}

void sfm_script_info_free(SfmScriptInfo *info)
{
    if (!info)
        return;
    for (size_t i = 0; i < info->num_params; i++)
        clear_param(&info->params[i]);
    g_free(info->params);
    g_free(info->name);
    g_free(info->title);
    g_free(info->license);
    g_free(info->path);
    g_free(info->hash);
    g_free(info);
}

SfmScriptInfo *sfm_script_info_copy(const SfmScriptInfo *info)
{
    SfmScriptInfo *copy = g_memdup2(info, sizeof *info);
    copy->name = g_strdup(info->name);
    copy->title = g_strdup(info->title);
    copy->license = g_strdup(info->license);
    copy->path = g_strdup(info->path);
    copy->hash = g_strdup(info->hash);
    copy->params = g_new0(SfmParam, info->num_params);
    for (size_t i = 0; i < info->num_params; i++) {
        const SfmParam *param = &info->params[i];
        copy->params[i] = *param;
        copy->params[i].name = g_strdup(param->name);
        copy->params[i].label = g_strdup(param->label);
        copy->params[i].help = g_strdup(param->help);
        copy->params[i].default_text = g_strdup(param->default_text);
        copy->params[i].choices = g_strdupv(param->choices);
    }
    return copy;
}

const SfmScriptInfo *sfm_script_info(const SfmScript *script)
{
    return script->info;
}

int sfm_script_line(const SfmScript *script)
{
    return script->line;
}

// A pipe or a device of that name could block, or never end.
static FILE *open_regular(const char *path, GError **error)
{
    const int fd = g_open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
    struct stat info;
    if (fd < 0) {
        sfm_fail(error, errno == ENOENT ? SFM_ERROR_NOT_FOUND : SFM_ERROR_BAD_SCRIPT, "%s: %s",
                 path, g_strerror(errno));
        return NULL;
    }
    const bool regular = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    FILE *file = regular ? fdopen(fd, "rb") : NULL;
    if (!file) {
        close(fd);
        sfm_fail(error, SFM_ERROR_BAD_SCRIPT, "%s: not a file", path);
    }
    return file;
}

GBytes *sfm_script_read(const char *path, GError **error)
{
    FILE *file = open_regular(path, error);
    if (!file)
        return NULL;
    g_autofree char *text = g_malloc(MAX_FILE + 1);
    const size_t size = fread(text, 1, MAX_FILE + 1, file);
    const bool failed = ferror(file) != 0;
    const int why = errno;
    fclose(file);
    if (!failed)
        return g_bytes_new(text, size);
    sfm_fail(error, SFM_ERROR_BAD_SCRIPT, "%s: %s", path, g_strerror(why));
    return NULL;
}

// What the compiler reads from.
typedef struct {
    const char *name; // borrowed: the file's, without its folder
    const char *text; // borrowed
    size_t size;
    size_t num_given; // bytes that the compiler has had
} Source;

static bool check_source(const Source *source, GError **error)
{
    if (source->size > MAX_FILE)
        return sfm_fail(error, SFM_ERROR_BAD_SCRIPT, "%s: larger than %zu KiB", source->name,
                        MAX_FILE >> 10);
    if (source->size >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0)
        return sfm_fail(error, SFM_ERROR_BAD_SCRIPT,
                        "%s:1: begins with a byte order mark; save it as UTF-8 without one",
                        source->name);
    const char *end = NULL;
    if (g_utf8_validate(source->text, (gssize)source->size, &end)) // NUL is not valid either
        return true;
    size_t line = 1;
    for (const char *c = source->text; c < end; c++)
        line += *c == '\n';
    return sfm_fail(error, SFM_ERROR_BAD_SCRIPT, "%s:%zu: a byte 0x%02x is not text in UTF-8",
                    source->name, line, (unsigned)(unsigned char)*end);
}

// What the script will see; not yet the script's own time.
static int open_world(lua_State *L)
{
    sfm_sandbox_open(L);
    sfm_declaration_open(L);
    sfm_tensors_open(L);
    sfm_context_open(L);
    return 0;
}

// Gives the compiler the next piece, and looks at the clock: a chain of 40000
// "and" has Lua's compiler walk its beginning as often, which took 2.6 s.
static const char *give_piece(lua_State *L, void *user_data, size_t *size)
{
    Source *source = user_data;
    sfm_state_check_time(L);
    const char *piece = source->text + source->num_given;
    *size = MIN(source->size - source->num_given, PIECE);
    source->num_given += *size;
    return piece;
}

static int run_source(lua_State *L)
{
    Source *source = lua_touserdata(L, 1);
    const char *chunk = lua_pushfstring(L, "@%s", source->name);
    if (lua_load(L, give_piece, source, chunk, "t") != LUA_OK)
        return lua_error(L);
    sfm_state_grant(sfm_state_of(L), sfm_grant_load);
    lua_call(L, 0, 1);
    sfm_declaration_take(L);
    return 0;
}

static SfmScriptInfo *new_info(const char *path, GBytes *text)
{
    SfmScriptInfo *info = g_new0(SfmScriptInfo, 1);
    info->path = g_strdup(path);
    info->hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, text);
    return info;
}

SfmScript *sfm_script_new(const char *path, GBytes *text, GError **error)
{
    g_autofree char *name = g_filename_display_basename(path); // valid UTF-8
    Source source = { .name = name };
    source.text = g_bytes_get_data(text, &source.size);
    if (source.size == 0)
        source.text = ""; // GLib may have said NULL
    if (!check_source(&source, error))
        return NULL;
    g_autoptr(SfmScript) script = g_new0(SfmScript, 1);
    script->info = new_info(path, text);
    script->text = source.text;
    script->text_size = source.size;
    if (!sfm_state_init(&script->state, name, error) ||
        !sfm_state_run(&script->state, open_world, NULL, sfm_grant_call, error) ||
        !sfm_state_run(&script->state, run_source, &source, sfm_grant_compile, error))
        return NULL;
    script->text = NULL;
    return g_steal_pointer(&script);
}

SfmScript *sfm_script_load(const char *path, GError **error)
{
    g_autoptr(GBytes) text = sfm_script_read(path, error);
    return text ? sfm_script_new(path, text, error) : NULL;
}

void sfm_script_free(SfmScript *script)
{
    if (!script)
        return;
    sfm_state_clear(&script->state);
    sfm_terms_clear(&script->pool);
    for (size_t i = 0; script->values && i < script->info->num_params; i++)
        g_free(script->values[i].text);
    g_free(script->values);
    sfm_script_info_free(script->info);
    g_free(script);
}
