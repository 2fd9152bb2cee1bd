/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets of CPUs and NUMA nodes as libvirt writes them: "0-3,8". Parsing takes blanks, any order,
 * repeats and "^2" to take one away again (as virsh does); formatting gives the one sorted
 * text.
 */
#ifndef UTIL_CPUSET_H
#define UTIL_CPUSET_H

#include <stdbool.h>
#include <stdint.h>

#include "util/error.h"

#define CPUSET_MAX 4096 /* numbers 0 to 4095 */

struct cpuset {
    uint64_t bits[CPUSET_MAX / 64];
};

/* An empty set is an error. The message starts with the quoted text. */
int cpuset_parse(const char *text, struct cpuset *ret, struct error **err) MUST_CHECK;
bool cpuset_has(const struct cpuset *set, unsigned number);
void cpuset_add(struct cpuset *set, unsigned number);
unsigned cpuset_count(const struct cpuset *set);
/* The lowest number that both have, or -1. */
int cpuset_common(const struct cpuset *a, const struct cpuset *b);
/* The lowest number in `a` that is not in `b`, or -1. */
int cpuset_beyond(const struct cpuset *a, const struct cpuset *b);
/* The text; the caller frees it. "" for an empty set. */
char *cpuset_format(const struct cpuset *set);

#endif
