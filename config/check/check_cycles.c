/* SPDX-License-Identifier: Apache-2.0 */
/* Circles in depends_on: a depth-first search with its own stack, since a file can chain ten
 * thousand nodes. */
#include "config/loader.h"

#define CYCLES_SHOWN 10

enum { UNSEEN, OPEN, CLOSED };

struct frame {
    struct group *group;
    size_t next; /* the dependency to look at */
};

struct search {
    struct loader *l;
    struct frame *stack; /* the open groups, each waiting for the next */
    size_t depth;
    size_t found;
};

/* The members from `from` on, told from the one that comes first in the file. */
static void report(struct search *s, size_t from)
{
    auto_buffer struct buffer names = {0};
    size_t count = s->depth - from, first = 0;
    const struct group *group;

    for (size_t i = 1; i < count; i++) {
        if (s->stack[from + i].group < s->stack[from + first].group)
            first = i;
    }
    for (size_t i = 0; i <= count; i++) {
        group = s->stack[from + (first + i) % count].group;
        if (count > 12 && i == 6) {
            buffer_printf(&names, " -> (%zu more)", count - 11);
            i = count - 6;
            continue;
        }
        buffer_printf(&names, "%s%s", i ? " -> " : "", group->base.group);
    }
    group = s->stack[from + first].group;
    finding_error(s->l->d, loader_position(group->base.source, "depends_on"), "depends-cycle",
                  "one of them must start without waiting for the next",
                  "nodes wait for each other in a circle: %s", names.data);
    s->found++;
}

static void enter(struct search *s, struct group *group)
{
    group->mark = OPEN;
    s->stack[s->depth++] = (struct frame){.group = group};
}

static void visit(struct search *s, struct group *group)
{
    for (size_t i = 0; i < s->depth; i++) {
        if (s->stack[i].group == group) {
            report(s, i);
            return;
        }
    }
}

static void search(struct search *s, struct group *start)
{
    enter(s, start);
    while (s->depth > 0 && s->found < CYCLES_SHOWN) {
        struct frame *top = &s->stack[s->depth - 1];
        struct group *next;

        if (top->next == top->group->waits_for_count) {
            top->group->mark = CLOSED;
            s->depth--;
            continue;
        }
        next = top->group->waits_for[top->next++];
        if (next->mark == UNSEEN)
            enter(s, next);
        else if (next->mark == OPEN)
            visit(s, next);
    }
}

void check_cycles(struct loader *l)
{
    auto_free struct frame *stack = xcalloc(l->group_count, sizeof *stack);
    struct search s = {.l = l, .stack = stack};

    for (size_t i = 0; i < l->group_count && s.found < CYCLES_SHOWN; i++) {
        if (l->groups[i].mark == UNSEEN)
            search(&s, &l->groups[i]);
    }
}
