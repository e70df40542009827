// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/suggest.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>

enum { MAX_LENGTH = 64 }; // of words that are compared at all

static bool same(char a, char b)
{
    return g_ascii_tolower(a) == g_ascii_tolower(b);
}

// Levenshtein's distance (1965), a row at a time, with Damerau's swap of two
// letters in a row (1964) as one slip.
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][MAX_LENGTH + 1]; // of the last letters of a, in turn
    const size_t num_a = strlen(a), num_b = strlen(b);

    for (size_t j = 0; j <= num_b; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= num_a; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= num_b; j++) {
            const size_t changed = above[j - 1] + !same(a[i - 1], b[j - 1]);
            row[j] = MIN(changed, MIN(row[j - 1], above[j]) + 1);
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                row[j] = MIN(row[j], before[j - 2] + 1);
        }
    }
    return rows[num_a % 3][num_b];
}

// Slips change less than a third of the word, but two are granted to all words
// that are not shorter than four letters.
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
