/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/check/host_check.h"

#include <stdlib.h>
#include <string.h>

#include "provision/check/question.h"

static const struct area {
    bool (*concerns)(const struct node *node);
    int (*check)(struct question *q, struct error **err);
} areas[] = {
    {platform_concerns, platform_check}, /* first: it may refuse the guest as a whole */
    {cpu_concerns, cpu_check},
    {offer_concerns, offer_check},
};

static bool restarts(const struct resource *r)
{
    for (size_t i = 0; i < r->changes.count; i++) {
        if (r->changes.items[i].class >= CHANGE_RESTART)
            return true;
    }
    return false;
}

static bool starts(const struct resource *r, const struct machine *m)
{
    if (!machine_may_start(m))
        return false;
    return r->action != ACTION_UPDATE || !m->found->active || restarts(r);
}

/* The hardware of libvirt's mock driver is made up, unless a test says what it is. */
static bool is_real(const struct site_host *host)
{
    return !host_is_mock(host->host) || host->has_facts;
}

static void collect(struct provision *p, struct questions *ret)
{
    for (size_t i = 0; i < p->set.count; i++) {
        const struct resource *r = p->set.items[i];
        const struct machine *m = r->data;
        struct question q = {.p = p, .machine = m};

        if (r->kind != &domain_kind || !r->wanted || r->action == ACTION_NONE ||
            !is_real(m->host))
            continue;
        q.node = m->node;
        q.host = m->host;
        q.starts = starts(r, m);
        vector_push(ret->items, ret->count, q);
    }
}

static int check_all(struct provision *p, struct questions *all, struct error **err)
{
    for (size_t i = 0; i < all->count; i++) {
        for (size_t a = 0; a < ARRAY_SIZE(areas); a++) {
            struct question *q = &all->items[i];

            if (!areas[a].concerns(q->node))
                continue;
            if (question_open(q, err) < 0 || areas[a].check(q, err) < 0)
                return error_wrap(err, "node '%s'", q->node->name);
        }
    }
    if (memory_check_all(p, all, err) < 0 || pages_check_all(p, all, err) < 0)
        return -1;
    return device_check_all(p, all, err);
}

int host_check(struct provision *p, struct error **err)
{
    struct questions all = {0};
    int outcome;

    collect(p, &all);
    outcome = check_all(p, &all, err);
    free(all.items);
    return outcome;
}
