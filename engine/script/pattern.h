// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_PATTERN_H
#define SFM_SCRIPT_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SFM_PATTERN_MAX_ITEMS    128
#define SFM_PATTERN_MAX_CAPTURES 16

typedef enum {
    SFM_ITEM_SET,      // a byte of the set, as often as `repeat` says
    SFM_ITEM_OPEN,     // capture `capture` begins
    SFM_ITEM_CLOSE,    // and ends
    SFM_ITEM_POSITION, // capture `capture` is where we are
    SFM_ITEM_SAME,     // what capture `capture` has caught
    SFM_ITEM_BALANCED, // from byte first to the byte second that closes it
    SFM_ITEM_FRONTIER, // between a byte outside of the set and one within
    SFM_ITEM_END,      // the text ends here
} SfmItemKind;

typedef struct {
    uint8_t kind; // SfmItemKind
    char repeat;  // '*', '+', '-', '?', or '\0': once
    uint8_t capture;
    uint8_t first, second;
    uint8_t set[32]; // a bit for each byte
} SfmItem;

// A Lua pattern, taken apart once.
typedef struct {
    int num_items, num_captures;
    bool anchored; // began with '^'
    SfmItem item[SFM_PATTERN_MAX_ITEMS];
} SfmPattern;

// NULL, or what is wrong with the text.
const char *sfm_pattern_compile(SfmPattern *pattern, const char *text, size_t size);

typedef struct {
    size_t start, end; // of the text; equal for a position
    bool is_position;
} SfmCapture;

// A search in a text. The caller sets the first four fields.
typedef struct {
    const SfmPattern *pattern;
    const char *text;
    size_t size;
    int64_t work;      // steps that may be taken; below 0: they were not enough
    size_t start, end; // of the match
    SfmCapture capture[SFM_PATTERN_MAX_CAPTURES];
} SfmMatch;

// Finds the first match at or behind `from`. False if there is none, or if work
// has run out. Recursion is as deep as the pattern has items.
bool sfm_pattern_find(SfmMatch *match, size_t from);

#endif
