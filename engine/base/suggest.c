// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/suggest.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>

enum { MAX_LENGTH = 64 }; // of words that are compared at all

// Levenshtein's distance (1965), a row at a time.
static size_t distance(const char *a, const char *b)
{
    size_t row[MAX_LENGTH + 1];
    const size_t num_b = strlen(b);

    for (size_t j = 0; j <= num_b; j++)
        row[j] = j;
    for (size_t i = 0; a[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < num_b; j++) {
            const size_t changed = diagonal + (g_ascii_tolower(a[i]) != g_ascii_tolower(b[j]));
            diagonal = row[j + 1];
            row[j + 1] = MIN(changed, MIN(row[j], diagonal) + 1);
        }
    }
    return row[num_b];
}

// A slip changes less than a third of the word, but at least one letter may
// be wrong, or two in a row swapped.
static size_t most_slips(size_t length)
{
    return length < 4 ? 1 : MAX(2, length / 3);
}

const char *sfm_suggest(const char *word, const char *const *candidates, size_t num)
{
    const char *nearest = NULL;
    const size_t length = strlen(word);
    size_t least = most_slips(length) + 1;

    for (size_t i = 0; i < num && length <= MAX_LENGTH; i++) {
        if (strlen(candidates[i]) > MAX_LENGTH)
            continue;
        const size_t d = distance(word, candidates[i]);
        const bool ties = nearest && d == least && strcmp(candidates[i], nearest) < 0;
        if ((d < least && d < length) || ties) {
            least = d;
            nearest = candidates[i];
        }
    }
    return nearest;
}
