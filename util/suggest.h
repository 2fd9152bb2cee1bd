/* SPDX-License-Identifier: Apache-2.0 */
/* "Did you mean": the nearest of some words by edit distance (with transpositions), or NULL
 * when none is near enough (more than a third of the longer word's letters differ). */
#ifndef UTIL_SUGGEST_H
#define UTIL_SUGGEST_H

#include <stddef.h>

struct suggest {
    const char *word;
    const char *best;
    size_t distance;
};

struct suggest suggest_start(const char *word);
void suggest_offer(struct suggest *s, const char *candidate); /* NULL is skipped */
const char *suggest_result(const struct suggest *s);
/* Over a NULL-terminated array. */
const char *suggest_nearest(const char *word, const char *const *words);

#endif
