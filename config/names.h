/* SPDX-License-Identifier: Apache-2.0 */
/* An index of names (a hash table with a random seed): what a name stands for, without walking
 * lists. Keys and values are borrowed; zero-initialise to start. */
#ifndef CONFIG_NAMES_H
#define CONFIG_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct names {
    struct named *slots; /* a power of two of them, at most half full */
    size_t slot_count, used;
    uint64_t seed;
};

/* The value already there under that name, else NULL and the new one is in. */
void *names_add(struct names *names, const char *name, void *value);
/* Puts the value in, whatever was there before. */
void names_set(struct names *names, const char *name, void *value);
void *names_find(const struct names *names, const char *name);
void names_done(struct names *names);
#define auto_names __attribute__((cleanup(names_done)))

#endif
