// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a script, cut up as Lua does it (manual, 3.1), as far as it takes to know
// strings from comments.
#include "script/source.h"

#include <string.h>

typedef struct {
    const char *at, *end;
    int line; // of `at`, from 1
} Reader;

// One character; "\r\n" and the like are one end of a line.
static void pass(Reader *r)
{
    const char c = *r->at++;
    const bool ends = c == '\n' || c == '\r';

    r->line += ends;
    if (ends && r->at < r->end && *r->at != c && (*r->at == '\n' || *r->at == '\r'))
        r->at++;
}

// How many '=' a long bracket has that begins here: "[[" none; -1: there is none.
static int long_bracket(const Reader *r)
{
    const char *c = r->at;

    if (c == r->end || *c != '[')
        return -1;
    while (++c < r->end && *c == '=')
        ;
    return c < r->end && *c == '[' ? (int)(c - r->at) - 1 : -1;
}

static bool is_closed(const Reader *r, int num)
{
    if (r->end - r->at < num + 2 || r->at[0] != ']' || r->at[num + 1] != ']')
        return false;
    for (int i = 1; i <= num; i++) {
        if (r->at[i] != '=')
            return false;
    }
    return true;
}

static void pass_long(Reader *r, int num)
{
    while (r->at < r->end && !is_closed(r, num))
        pass(r);
    r->at += MIN(r->end - r->at, num + 2);
}

static void pass_comment(Reader *r)
{
    r->at += 2;
    const int num = long_bracket(r);
    if (num >= 0) {
        pass_long(r, num);
        return;
    }
    while (r->at < r->end && *r->at != '\n' && *r->at != '\r')
        r->at++;
}

// Whether the string that begins here is this text, written without escapes.
static bool pass_string(Reader *r, const char *text)
{
    const char quote = *r->at++, *start = r->at;

    while (r->at < r->end && *r->at != quote) {
        if (*r->at == '\\' && r->end - r->at > 1)
            r->at++;
        pass(r);
    }
    const size_t size = (size_t)(r->at - start);
    r->at += r->at < r->end;
    return size == strlen(text) && memcmp(start, text, size) == 0;
}

int sfm_source_line_of(const char *text, size_t size, const char *name)
{
    Reader r = { text, text + size, 1 };
    char before = '\0'; // the last character of what is neither blank nor comment
    int found = 0;

    while (r.at < r.end) {
        const char c = *r.at;
        const int line = r.line, num = long_bracket(&r);
        if (c == '-' && r.end - r.at > 1 && r.at[1] == '-') {
            pass_comment(&r);
            continue;
        }
        if (c == '"' || c == '\'') {
            const bool is_it = pass_string(&r, name) && before == '{';
            if (is_it && found > 0)
                return 0;
            found = is_it ? line : found;
        } else if (num >= 0) {
            pass_long(&r, num);
        } else {
            pass(&r);
        }
        before = g_ascii_isspace(c) ? before : c;
    }
    return found;
}
