// SPDX-License-Identifier: GPL-3.0-or-later
// Lua's patterns. They backtrack, so that a short one can take longer than the
// universe has; what must stay true: every step is counted, and the stack is
// only as deep as the pattern is long.
#include "script/pattern.h"

#include <string.h>

#include <glib.h>

// A pattern that is being taken apart.
typedef struct {
    SfmPattern *pattern;
    const char *at, *end;
    int open[SFM_PATTERN_MAX_CAPTURES]; // captures that have begun and not ended
    int num_open;
    const char *wrong; // NULL: nothing yet
} Compiler;

static void set_add(uint8_t set[32], unsigned byte)
{
    set[byte / 8] |= (uint8_t)(1u << byte % 8);
}

static bool set_has(const uint8_t set[32], char byte)
{
    const unsigned b = (unsigned char)byte;
    return set[b / 8] >> b % 8 & 1;
}

static bool is_of_class(char class, unsigned b)
{
    const bool ascii = b < 128;
    switch (class) {
    case 'a':
        return ascii && g_ascii_isalpha(b);
    case 'c':
        return ascii && g_ascii_iscntrl(b);
    case 'd':
        return ascii && g_ascii_isdigit(b);
    case 'g':
        return ascii && g_ascii_isgraph(b);
    case 'l':
        return ascii && g_ascii_islower(b);
    case 'p':
        return ascii && g_ascii_ispunct(b);
    case 's':
        return ascii && (g_ascii_isspace(b) || b == '\v');
    case 'u':
        return ascii && g_ascii_isupper(b);
    case 'w':
        return ascii && g_ascii_isalnum(b);
    default:
        return ascii && g_ascii_isxdigit(b);
    }
}

// What stands behind a '%': a class, its complement in capitals, or itself.
static void add_escaped(uint8_t set[32], char c)
{
    if (!strchr("acdglpsuwx", g_ascii_tolower(c)) || c == '\0') {
        set_add(set, (unsigned char)c);
        return;
    }
    for (unsigned b = 0; b < 256; b++) {
        if (is_of_class(g_ascii_tolower(c), b) != g_ascii_isupper(c))
            set_add(set, b);
    }
}

static void fail(Compiler *compiler, const char *wrong)
{
    if (!compiler->wrong)
        compiler->wrong = wrong;
    compiler->at = compiler->end;
}

// The next byte, which must be there.
static char take(Compiler *compiler)
{
    if (compiler->at < compiler->end)
        return *compiler->at++;
    fail(compiler, "the pattern ends too early");
    return '\0';
}

static bool take_if(Compiler *compiler, char wanted)
{
    if (compiler->at == compiler->end || *compiler->at != wanted)
        return false;
    compiler->at++;
    return true;
}

// Behind a '[': up to the ']' that is not the first byte.
static void take_set(Compiler *compiler, uint8_t set[32])
{
    const bool complement = take_if(compiler, '^');
    bool first = true;
    while (!compiler->wrong && (first || !take_if(compiler, ']'))) {
        first = false;
        const char c = take(compiler);
        const bool is_range =
            compiler->end - compiler->at >= 2 && compiler->at[0] == '-' && compiler->at[1] != ']';
        if (c == '%') {
            add_escaped(set, take(compiler));
        } else if (is_range) {
            for (unsigned b = (unsigned char)c; b <= (unsigned char)compiler->at[1]; b++)
                set_add(set, b);
            compiler->at += 2;
        } else {
            set_add(set, (unsigned char)c);
        }
    }
    for (int i = 0; complement && i < 32; i++)
        set[i] = (uint8_t)~set[i];
}

static void take_frontier(Compiler *compiler, SfmItem *item)
{
    item->kind = SFM_ITEM_FRONTIER;
    if (take_if(compiler, '['))
        take_set(compiler, item->set);
    else
        fail(compiler, "%f needs a set");
}

static void take_same(Compiler *compiler, SfmItem *item, char digit)
{
    item->kind = SFM_ITEM_SAME;
    item->capture = (uint8_t)(digit - '1');
    bool ended = digit != '0' && item->capture < compiler->pattern->num_captures;
    for (int i = 0; i < compiler->num_open; i++)
        ended &= compiler->open[i] != item->capture;
    if (!ended)
        fail(compiler, "% and a digit names a capture that has not ended");
}

static void take_escape(Compiler *compiler, SfmItem *item)
{
    const char c = take(compiler);
    if (c == 'b') {
        item->kind = SFM_ITEM_BALANCED;
        item->first = (uint8_t)take(compiler);
        item->second = (uint8_t)take(compiler);
    } else if (c == 'f') {
        take_frontier(compiler, item);
    } else if (g_ascii_isdigit(c)) {
        take_same(compiler, item, c);
    } else {
        add_escaped(item->set, c);
    }
}

static void take_open(Compiler *compiler, SfmItem *item)
{
    SfmPattern *pattern = compiler->pattern;
    if (pattern->num_captures == SFM_PATTERN_MAX_CAPTURES) {
        fail(compiler, "the pattern has too many captures");
        return;
    }
    item->capture = (uint8_t)pattern->num_captures++;
    item->kind = take_if(compiler, ')') ? SFM_ITEM_POSITION : SFM_ITEM_OPEN;
    if (item->kind == SFM_ITEM_OPEN)
        compiler->open[compiler->num_open++] = item->capture;
}

static void take_close(Compiler *compiler, SfmItem *item)
{
    item->kind = SFM_ITEM_CLOSE;
    if (compiler->num_open > 0)
        item->capture = (uint8_t)compiler->open[--compiler->num_open];
    else
        fail(compiler, "a ) without a (");
}

static void take_item(Compiler *compiler, SfmItem *item)
{
    const char c = take(compiler);
    if (c == '(')
        take_open(compiler, item);
    else if (c == ')')
        take_close(compiler, item);
    else if (c == '$' && compiler->at == compiler->end)
        item->kind = SFM_ITEM_END;
    else if (c == '%')
        take_escape(compiler, item);
    else if (c == '[')
        take_set(compiler, item->set);
    else if (c == '.')
        memset(item->set, 0xff, sizeof item->set);
    else
        set_add(item->set, (unsigned char)c);
    if (item->kind == SFM_ITEM_SET && compiler->at < compiler->end &&
        strchr("*+-?", *compiler->at) && *compiler->at != '\0')
        item->repeat = *compiler->at++;
}

const char *sfm_pattern_compile(SfmPattern *pattern, const char *text, size_t size)
{
    *pattern = (SfmPattern){ 0 };
    Compiler compiler = { .pattern = pattern, .at = text, .end = text + size };
    pattern->anchored = take_if(&compiler, '^');
    while (compiler.at < compiler.end) {
        if (pattern->num_items == SFM_PATTERN_MAX_ITEMS)
            return "the pattern is too long";
        take_item(&compiler, &pattern->item[pattern->num_items++]);
    }
    if (compiler.num_open > 0)
        fail(&compiler, "a ( without a )");
    return compiler.wrong;
}

static bool match_items(SfmMatch *match, int i, size_t at);

// Whether item `item` accepts the byte at `at`; counts the step.
static bool accepts(SfmMatch *match, const SfmItem *item, size_t at)
{
    return --match->work >= 0 && at < match->size && set_has(item->set, match->text[at]);
}

// As many as there are, then fewer and fewer.
static bool match_most(SfmMatch *match, int i, size_t at)
{
    const SfmItem *item = &match->pattern->item[i];
    const size_t least = item->repeat == '+' ? 1 : 0;
    const size_t most = item->repeat == '?' ? 1 : SIZE_MAX;
    size_t num = 0;
    while (num < most && accepts(match, item, at + num))
        num++;
    for (; num + 1 > least && match->work >= 0; num--) {
        if (match_items(match, i + 1, at + num))
            return true;
        if (num == 0)
            break;
    }
    return false;
}

// As few as will do.
static bool match_fewest(SfmMatch *match, int i, size_t at)
{
    while (match->work >= 0) {
        if (match_items(match, i + 1, at))
            return true;
        if (!accepts(match, &match->pattern->item[i], at))
            return false;
        at++;
    }
    return false;
}

static bool match_set(SfmMatch *match, int i, size_t at)
{
    const SfmItem *item = &match->pattern->item[i];
    if (item->repeat == '-')
        return match_fewest(match, i, at);
    if (item->repeat)
        return match_most(match, i, at);
    return accepts(match, item, at) && match_items(match, i + 1, at + 1);
}

// Nothing is undone where the rest does not match: whatever way succeeds has
// passed all captures.
static bool match_capture(SfmMatch *match, int i, size_t at)
{
    const SfmItem *item = &match->pattern->item[i];
    SfmCapture *capture = &match->capture[item->capture];
    if (item->kind != SFM_ITEM_CLOSE)
        capture->start = at;
    capture->end = at;
    capture->is_position = item->kind == SFM_ITEM_POSITION;
    return match_items(match, i + 1, at);
}

static bool match_same(SfmMatch *match, int i, size_t at)
{
    const SfmCapture *capture = &match->capture[match->pattern->item[i].capture];
    const size_t size = capture->end - capture->start;
    match->work -= (int64_t)(size / 16);
    return match->size - at >= size &&
           memcmp(match->text + at, match->text + capture->start, size) == 0 &&
           match_items(match, i + 1, at + size);
}

static bool match_balanced(SfmMatch *match, int i, size_t at)
{
    const SfmItem *item = &match->pattern->item[i];
    if (at == match->size || (uint8_t)match->text[at] != item->first)
        return false;
    size_t depth = 1;
    while (++at < match->size && --match->work >= 0) {
        const uint8_t byte = (uint8_t)match->text[at];
        if (byte == item->second && --depth == 0)
            return match_items(match, i + 1, at + 1);
        if (byte == item->first && byte != item->second)
            depth++;
    }
    return false;
}

// The text's ends count as '\0'.
static bool match_frontier(SfmMatch *match, int i, size_t at)
{
    const SfmItem *item = &match->pattern->item[i];
    const char before = at > 0 ? match->text[at - 1] : '\0';
    const char behind = at < match->size ? match->text[at] : '\0';
    return !set_has(item->set, before) && set_has(item->set, behind) &&
           match_items(match, i + 1, at);
}

static bool match_items(SfmMatch *match, int i, size_t at)
{
    if (--match->work < 0)
        return false;
    if (i == match->pattern->num_items) {
        match->end = at;
        return true;
    }
    switch (match->pattern->item[i].kind) {
    case SFM_ITEM_SET:
        return match_set(match, i, at);
    case SFM_ITEM_SAME:
        return match_same(match, i, at);
    case SFM_ITEM_BALANCED:
        return match_balanced(match, i, at);
    case SFM_ITEM_FRONTIER:
        return match_frontier(match, i, at);
    case SFM_ITEM_END:
        return at == match->size && match_items(match, i + 1, at);
    default:
        return match_capture(match, i, at);
    }
}

bool sfm_pattern_find(SfmMatch *match, size_t from)
{
    for (size_t start = from; start <= match->size && match->work >= 0; start++) {
        match->start = start;
        if (match_items(match, 0, start))
            return true;
        if (match->pattern->anchored)
            return false;
    }
    return false;
}
