/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/resource.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static size_t hash_text(size_t hash, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        hash = (hash ^ *c) * 1099511628211u;
    return (hash ^ 0xff) * 1099511628211u;
}

static size_t hash(const struct resource_kind *kind, const char *host, const char *name)
{
    return hash_text(hash_text(hash_text(14695981039346656037u, kind->name), host), name);
}

static bool is_it(const struct resource *r, const struct resource_kind *kind, const char *host,
                  const char *name)
{
    return r->kind == kind && strcmp(r->name, name) == 0 && strcmp(r->host, host) == 0;
}

/* The slot that holds it, or the free one where it belongs; the index is never full. */
static struct resource **slot_of(const struct resource_set *set,
                                 const struct resource_kind *kind, const char *host,
                                 const char *name)
{
    size_t i = hash(kind, host, name) & (set->index_size - 1);

    while (set->index[i] && !is_it(set->index[i], kind, host, name))
        i = (i + 1) & (set->index_size - 1);
    return &set->index[i];
}

static void index_grow(struct resource_set *set)
{
    if (set->count * 2 < set->index_size)
        return;
    free(set->index);
    set->index_size = set->index_size ? set->index_size * 2 : 64;
    set->index = xcalloc(set->index_size, sizeof *set->index);
    for (size_t i = 0; i < set->count; i++) {
        struct resource *r = set->items[i];

        *slot_of(set, r->kind, r->host, r->name) = r;
    }
}

struct resource *resource_set_add(struct resource_set *set, const struct resource_kind *kind,
                                  const char *host, const char *name)
{
    struct resource *r = xcalloc(1, sizeof *r);
    struct resource **slot;

    index_grow(set);
    slot = slot_of(set, kind, host, name);
    assert(!*slot);
    r->kind = kind;
    r->host = xstrdup(host);
    r->name = xstrdup(name);
    r->index = set->count;
    *slot = r;
    vector_push(set->items, set->count, r);
    return r;
}

struct resource *resource_set_find(const struct resource_set *set,
                                   const struct resource_kind *kind, const char *host,
                                   const char *name)
{
    return set->index_size ? *slot_of(set, kind, host, name) : NULL;
}

static bool is_among(struct resource *const *items, size_t count, const struct resource *r)
{
    for (size_t i = count; i > 0; i--) {
        if (items[i - 1] == r)
            return true;
    }
    return false;
}

void resource_need(struct resource *r, struct resource *other)
{
    if (other && !is_among(r->needs, r->need_count, other))
        vector_push(r->needs, r->need_count, other);
}

void resource_follow(struct resource *r, struct resource *other)
{
    if (other && !is_among(r->follows, r->follow_count, other))
        vector_push(r->follows, r->follow_count, other);
}

static void resource_free(struct resource *r)
{
    if (r->kind->done)
        r->kind->done(r);
    change_list_done(&r->changes);
    free(r->needs);
    free(r->follows);
    free(r->note);
    free(r->host);
    free(r->name);
    free(r);
}

void resource_set_done(struct resource_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        resource_free(set->items[i]);
    free(set->items);
    free(set->index);
    *set = (struct resource_set){0};
}

struct resource *resource_owner(struct resource *r)
{
    while (r && r->kind->internal)
        r = r->part_of;
    return r;
}

int resource_compare(const struct resource *a, const struct resource *b)
{
    int order = (a->kind->rank > b->kind->rank) - (a->kind->rank < b->kind->rank);

    if (order == 0)
        order = strcmp(a->kind->name, b->kind->name);
    if (order == 0)
        order = strverscmp(a->host, b->host);
    return order ? order : strverscmp(a->name, b->name);
}
