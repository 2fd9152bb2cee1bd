/* SPDX-License-Identifier: Apache-2.0 */
#include "config/names.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "util/memory.h"

struct named {
    uint64_t hash;
    const char *name; /* NULL: the slot is free */
    void *value;
};

/* FNV-1a from a seed, mixed at the end so that the low bits depend on all of it. */
static uint64_t hash_of(const struct names *names, const char *name)
{
    uint64_t hash = names->seed ^ UINT64_C(0xcbf29ce484222325);

    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
    hash ^= hash >> 32;
    hash *= UINT64_C(0x9e3779b97f4a7c15) ^ (names->seed << 1);
    return hash ^ hash >> 29;
}

/* The slot of the name, or the free one where it belongs. */
static struct named *slot_of(const struct names *names, const char *name, uint64_t hash)
{
    size_t i = hash & (names->slot_count - 1);

    while (names->slots[i].name &&
           (names->slots[i].hash != hash || strcmp(names->slots[i].name, name) != 0))
        i = (i + 1) & (names->slot_count - 1);
    return &names->slots[i];
}

static void grow(struct names *names)
{
    struct names larger = {.slot_count = names->slot_count ? names->slot_count * 2 : 16,
                           .used = names->used,
                           .seed = names->seed};

    /* Without a seed it still works: only hostile files would be slow. */
    if (!names->slots && getrandom(&larger.seed, sizeof larger.seed, GRND_NONBLOCK) < 0)
        larger.seed = (uintptr_t)names;
    larger.slots = xcalloc(larger.slot_count, sizeof *larger.slots);
    for (size_t i = 0; i < names->slot_count; i++) {
        if (names->slots[i].name)
            *slot_of(&larger, names->slots[i].name, names->slots[i].hash) = names->slots[i];
    }
    free(names->slots);
    *names = larger;
}

/* The slot of a name, made (with a NULL value) when there is none. */
static struct named *make_slot(struct names *names, const char *name)
{
    struct named *slot;
    uint64_t hash;

    if (names->used * 2 >= names->slot_count)
        grow(names);
    hash = hash_of(names, name);
    slot = slot_of(names, name, hash);
    if (!slot->name) {
        *slot = (struct named){.hash = hash, .name = name};
        names->used++;
    }
    return slot;
}

void *names_add(struct names *names, const char *name, void *value)
{
    struct named *slot = make_slot(names, name);
    void *before = slot->value;

    if (!before)
        slot->value = value;
    return before;
}

void names_set(struct names *names, const char *name, void *value)
{
    make_slot(names, name)->value = value;
}

void *names_find(const struct names *names, const char *name)
{
    return names->slots ? slot_of(names, name, hash_of(names, name))->value : NULL;
}

void names_done(struct names *names)
{
    free(names->slots);
    *names = (struct names){0};
}
