/* SPDX-License-Identifier: Apache-2.0 */
/* Ports of a host lead to one place each. */
#include "config/loader.h"
#include "config/network/user_net.h"

struct claim {
    const struct node *node;
    const struct port_forward *forward;
};

/* One that takes the port on all addresses clashes with any, another with those and with one on
 * the same address. Returns whom it clashes with, or NULL. */
static const struct claim *claim_family(struct loader *l, struct names *names,
                                        struct claim *own, char family)
{
    const struct port_forward *f = own->forward;
    const char *any = arena_printf(l->arena, "%s %s %u %c", own->node->host,
                                   port_protocol_words[f->protocol], f->host_port, family);
    const char *all = arena_printf(l->arena, "%s all", any);
    const char *same = arena_printf(l->arena, "%s %s", any, f->address);
    bool is_all = port_forward_is_all(f);
    const struct claim *before = names_find(names, is_all ? any : all);

    if (!before && !is_all)
        before = names_find(names, same);
    names_add(names, any, own);
    names_add(names, is_all ? all : same, own);
    return before;
}

static void claim(struct loader *l, struct names *names, const struct node *node,
                  const struct port_forward *f)
{
    struct claim *own = arena_alloc(l->arena, sizeof *own);
    const struct claim *before = NULL;

    *own = (struct claim){node, f};
    if (!f->is_ip6)
        before = claim_family(l, names, own, '4');
    if (f->is_ip6 || !f->address[0]) {
        const struct claim *other = claim_family(l, names, own, '6');

        before = before ? before : other;
    }
    /* twice in one list is reported there, a network's for several nodes by check_user_nets */
    if (before && before->node != node && before->forward->source != f->source)
        finding_error(l->d, f->source->position, "port-taken",
                      "each port of the host can lead to one place",
                      "port %u/%s of host '%s' leads to node '%s' already (%s)", f->host_port,
                      port_protocol_words[f->protocol], node->host, before->node->name,
                      loader_line(l, f->source->position, before->forward->source->position));
}

void check_forwards(struct loader *l)
{
    auto_names struct names names = {0};

    for (size_t i = 0; i < l->group_count; i++) {
        const struct group *group = &l->groups[i];
        const struct nic *user = node_user_nic(&group->base);
        const struct list *publish =
            user && user->forwards.count ? &user->forwards : &group->base.publish;
        const struct port_forward *first = group->base.publish.items;

        if (group->base.publish.count > 0 && group->size > 1)
            finding_error(l->d, first->source->position, "publish-count",
                          "give the nodes names of their own, each with its port",
                          "%zu nodes cannot share port %u/%s of a host", group->size,
                          first->host_port, port_protocol_words[first->protocol]);
        else if (group->size == 1)
            list_each(struct port_forward, *publish, forward)
                claim(l, &names, group->nodes, forward);
        if (group->size == 1)
            check_publish(l, group->nodes);
    }
}
