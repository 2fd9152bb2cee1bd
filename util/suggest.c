/* SPDX-License-Identifier: Apache-2.0 */
#include "util/suggest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Longer words are nobody's typing error for a key or a command. */
#define LONGEST 64

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Damerau-Levenshtein without repeated edits of one place; letter case is no difference. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];

    for (size_t j = 0; j <= b_length; j++)
        last[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *oldest = before;

        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = least(last[j], row[j - 1]) + 1;
            row[j] = least(row[j], last[j - 1] + !same(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                row[j] = least(row[j], before[j - 2] + 1);
        }
        before = last;
        last = row;
        row = oldest;
    }
    return last[b_length];
}

struct suggest suggest_start(const char *word)
{
    return (struct suggest){.word = word, .distance = SIZE_MAX};
}

void suggest_offer(struct suggest *s, const char *candidate)
{
    size_t word_length, length, d;

    if (!candidate)
        return;
    word_length = strnlen(s->word, LONGEST + 1);
    length = strnlen(candidate, LONGEST + 1);
    if (word_length > LONGEST || length > LONGEST)
        return;
    d = distance(s->word, word_length, candidate, length);
    if (d * 3 > (word_length > length ? word_length : length) || d >= s->distance)
        return;
    s->best = candidate;
    s->distance = d;
}

const char *suggest_result(const struct suggest *s)
{
    return s->best;
}

const char *suggest_nearest(const char *word, const char *const *words)
{
    struct suggest s = suggest_start(word);

    for (; *words; words++)
        suggest_offer(&s, *words);
    return suggest_result(&s);
}
