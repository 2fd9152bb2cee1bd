/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "templates/picture/picture.h"
#include "util/address.h"

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* All but the addresses. What is done to a node on purpose is to be seen: it is like no other.
 */
static bool are_alike(const struct picture_node *a, const struct picture_node *b)
{
    if (!same(a->group, b->group) || a->host != b->host || !same(a->image, b->image) ||
        a->cpus != b->cpus || a->memory != b->memory || a->state != b->state || a->fault ||
        b->fault || a->link_count != b->link_count)
        return false;
    for (size_t i = 0; i < a->link_count; i++) {
        const struct picture_link *x = &a->links[i], *y = &b->links[i];

        if (x->network != y->network || x->down != y->down || x->fault || y->fault ||
            !x->ip != !y->ip || !x->ip6 != !y->ip6)
            return false;
    }
    return true;
}

/* Behind the last '.' or ':' that both have in common. */
static const char *rest_of(const char *first, const char *last)
{
    size_t common = 0;

    for (size_t i = 0; first[i] && first[i] == last[i]; i++) {
        if (first[i] == '.' || first[i] == ':')
            common = i + 1;
    }
    return last + common;
}

/* "10.20.0.11–50" where they follow each other, else "10.20.0.11 …". */
static const char *range(struct picture *picture, const char *first, const char *last,
                         size_t count)
{
    uint32_t from, to;

    if (!first || strcmp(first, last) == 0)
        return first;
    if (ip4_parse(first, &from, NULL) == 0 && ip4_parse(last, &to, NULL) == 0 &&
        to - from != count - 1)
        return arena_printf(picture->arena, "%s …", first);
    return arena_printf(picture->arena, "%s–%s", first, rest_of(first, last));
}

static struct picture_node folded(struct picture *picture, const struct picture_node *nodes,
                                  size_t count)
{
    struct picture_node node = nodes[0];

    node.alike = count;
    node.links = NULL;
    node.link_count = 0;
    for (size_t i = 0; i < nodes[0].link_count; i++) {
        struct picture_link link = nodes[0].links[i];
        const struct picture_link *last = &nodes[count - 1].links[i];

        link.ip = range(picture, link.ip, last->ip, count);
        link.ip6 = range(picture, link.ip6, last->ip6, count);
        link.mac = NULL;
        arena_push(picture->arena, node.links, node.link_count, link);
    }
    return node;
}

void picture_fold(struct picture *picture)
{
    struct picture_node *kept = NULL;
    size_t count = 0;

    if (picture->node_count <= PICTURE_FOLD_NODES)
        return;
    for (size_t i = 0, next; i < picture->node_count; i = next) {
        const struct picture_node *first = &picture->nodes[i];

        for (next = i + 1; next < picture->node_count; next++) {
            if (!are_alike(first, &picture->nodes[next]))
                break;
        }
        if (next - i < PICTURE_FOLD_ALIKE)
            next = i + 1;
        arena_push(picture->arena, kept, count,
                   next - i > 1 ? folded(picture, first, next - i) : *first);
    }
    picture->nodes = kept;
    picture->node_count = count;
}
