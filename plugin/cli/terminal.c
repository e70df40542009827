// SPDX-License-Identifier: GPL-3.0-or-later
#include "terminal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"

enum { BAR_WIDTH = 30, LINE_PERCENT = 10 };

// The one standard error that a program has.
static struct {
    bool quiet;
    bool bar;         // one is on the terminal's last line
    int last_percent; // of the last plain line, rounded down to LINE_PERCENT; -1: loading was said
    bool began;
} state;

void terminal_set_quiet(bool quiet)
{
    state.quiet = quiet;
}

void terminal_progress_end(void)
{
    if (state.bar)
        fputs("\r\033[K", stderr);
    state.bar = false;
}

// Valid UTF-8 without control characters other than those in `kept`.
static char *clean(const char *text, const char *kept)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new(NULL);

    for (const char *c = valid; *c; c = g_utf8_next_char(c)) {
        const gunichar letter = g_utf8_get_char(c);
        const bool shown = !g_unichar_iscntrl(letter) || (letter < 128 && strchr(kept, *c));
        g_string_append_unichar(out, shown ? letter : '?');
    }
    return g_string_free(out, FALSE);
}

char *terminal_text(const char *text)
{
    return clean(text, "");
}

static int letter_width(gunichar letter)
{
    return g_unichar_iszerowidth(letter) ? 0 : g_unichar_iswide(letter) ? 2 : 1;
}

char *terminal_column(const char *text, int width)
{
    GString *column = g_string_new(text);
    int used = 0;

    for (const char *c = text; *c; c = g_utf8_next_char(c))
        used += letter_width(g_utf8_get_char(c));
    for (; used < width; used++)
        g_string_append_c(column, ' ');
    return g_string_free(column, FALSE);
}

static void say(const char *format, va_list args)
{
    g_autofree char *said = g_strdup_vprintf(format, args);
    g_autofree char *text = clean(said, "\n");
    terminal_progress_end();
    fputs(text, stderr);
    fputc('\n', stderr);
}

void terminal_say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(format, args);
    va_end(args);
}

void terminal_note(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!state.quiet)
        say(format, args);
    va_end(args);
}

static void draw_bar(const SfmProgress *progress, const char *text)
{
    const int filled = (int)(progress->fraction * BAR_WIDTH);
    char bar[BAR_WIDTH + 1];

    for (int i = 0; i < BAR_WIDTH; i++)
        bar[i] = i < filled ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    fprintf(stderr, "\r[%s] %3.0f%%  %s\033[K", bar, 100.0 * progress->fraction, text);
    fflush(stderr);
    state.bar = true;
}

static void print_line(const SfmProgress *progress, const char *text)
{
    const bool loading = progress->stage == SFM_STAGE_LOAD;
    const int percent =
        loading ? -1 : (int)(100.0 * progress->fraction) / LINE_PERCENT * LINE_PERCENT;

    if (state.began && percent == state.last_percent)
        return;
    state.began = true;
    state.last_percent = percent;
    if (loading)
        fprintf(stderr, "%s\n", text);
    else
        fprintf(stderr, "%3d%%  %s\n", percent, text);
}

void terminal_progress(const SfmProgress *progress, void *user_data)
{
    if (state.quiet)
        return;
    g_autofree char *text = sfm_progress_text(progress);
    if (isatty(STDERR_FILENO))
        draw_bar(progress, text);
    else
        print_line(progress, text);
}

static GLogWriterOutput take(GLogLevelFlags level, const GLogField *fields, gsize num,
                             gpointer user_data)
{
    const bool serious = level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);

    if (level & (G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG))
        return G_LOG_WRITER_HANDLED;
    for (gsize i = 0; i < num; i++) {
        if (g_strcmp0(fields[i].key, "MESSAGE") != 0)
            continue;
        if (serious)
            terminal_say("sfumato: %s", (const char *)fields[i].value);
        else
            terminal_note("sfumato: %s", (const char *)fields[i].value);
    }
    return G_LOG_WRITER_HANDLED;
}

void terminal_take_log(void)
{
    g_log_set_writer_func(take, NULL, NULL);
}
