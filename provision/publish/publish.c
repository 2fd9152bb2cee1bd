/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/publish/publish.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/network/publish.h"
#include "host/firewall.h"
#include "host/shell.h"

struct publish_object {
    struct provision *provision;
    struct site_host *host;
    const struct machine *machine;     /* NULL: not wanted any more */
    const struct firewall_view *found; /* NULL: nobody looked */
    struct rule_list wanted;
};

static struct resource *add(struct provision *p, struct site_host *host, const char *node)
{
    struct resource *r = resource_set_add(&p->set, &publish_kind, host_name(host->host), node);
    struct publish_object *o = xcalloc(1, sizeof *o);

    o->provision = p;
    o->host = host;
    r->data = o;
    return r;
}

struct resource *publish_want(struct machine *m)
{
    struct publish_object *o;
    struct resource *r;

    /* libvirt's mock driver has no packets */
    if (!m->node->publish.count || !publish_way(m->node).nic || host_is_mock(m->host->host))
        return NULL;
    r = add(m->provision, m->host, m->name);
    r->wanted = true;
    o = r->data;
    o->machine = m;
    publish_rules(m, &o->wanted);
    resource_need(r, m->resource);
    for (size_t i = 0; i < m->resource->need_count; i++) {
        if (strcmp(m->resource->needs[i]->kind->name, "network") == 0)
            resource_need(r, m->resource->needs[i]);
    }
    return r;
}

/* Whether rules of ours can be on the host: as the file or a tag says; and where a look costs
 * next to nothing, when all of the cluster goes. */
static bool is_concerned(const struct provision *p, const struct site_host *host)
{
    bool any_wanted = false;

    if (host_is_mock(host->host) || host_is_session(host->host))
        return false;
    for (size_t i = 0; i < p->set.count; i++) {
        const struct resource *r = p->set.items[i];

        any_wanted |= r->wanted;
        if (r->kind == &publish_kind && strcmp(r->host, host_name(host->host)) == 0)
            return true;
    }
    for (size_t i = 0; i < host->survey.domain_count; i++) {
        const struct survey_domain *d = &host->survey.domains[i];

        if (d->ours && json_object_get(d->config.tag.spec, "publish"))
            return true;
    }
    return !any_wanted && host_is_local(host->host) && geteuid() == 0;
}

/* One that is not wanted any more goes before its node, whose tag tells of it, goes or is
 * written anew. */
static struct resource *add_unwanted(struct provision *p, struct site_host *host,
                                     const char *name)
{
    struct resource *r = add(p, host, name);
    struct resource *node = resource_set_find(&p->set, &domain_kind, r->host, name);

    if (node && node->wanted)
        resource_follow(node, r);
    else
        resource_need(r, node);
    return r;
}

static void note_found(struct provision *p, struct site_host *host,
                       const struct rule_list *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        const char *name = NULL;
        struct resource *r;

        if (!rule_is_of(&rules->items[i], p->site.cluster_name, &name) ||
            provision_is_partial(p, name))
            continue;
        r = resource_set_find(&p->set, &publish_kind, host_name(host->host), name);
        if (!r)
            r = add_unwanted(p, host, name);
        r->present = true;
    }
}

static int observe_host(struct provision *p, struct site_host *host, struct error **err)
{
    const struct firewall_view *view = NULL;

    if (!is_concerned(p, host))
        return 0;
    if (site_firewall(host, &view, err) < 0)
        return error_wrap(err, "published ports on host '%s'", host_name(host->host));
    for (size_t i = 0; i < p->set.count; i++) {
        struct publish_object *o = p->set.items[i]->data;

        if (p->set.items[i]->kind == &publish_kind && o->host == host)
            o->found = view;
    }
    note_found(p, host, &view->iptables);
    note_found(p, host, &view->nft);
    return 0;
}

static int publish_observe(void *context, struct resource_set *set, struct error **err)
{
    struct provision *p = context;

    (void)set;
    for (size_t h = 0; h < p->site.host_count; h++) {
        if (observe_host(p, &p->site.hosts[h], err) < 0)
            return -1;
    }
    return 0;
}

static void port_text(const struct rule *rule, char out[64])
{
    snprintf(out, 64, "port %u%s", rule->port, rule->udp ? "/udp" : "");
}

/* Those of the node that lead in. */
static bool is_way_in(const struct rule *rule, const struct rule *like)
{
    return rule->place == RULE_DNAT && rule->family == like->family && rule->udp == like->udp &&
           rule->port == like->port && strcmp(rule->target, like->target) == 0 &&
           strcmp(rule->mark, like->mark) == 0;
}

static const struct rule *find_way_in(const struct rule_list *list, const struct rule *like)
{
    for (size_t i = 0; i < list->count; i++) {
        if (is_way_in(&list->items[i], like))
            return &list->items[i];
    }
    return NULL;
}

static char *target_text(const struct rule *rule)
{
    return rule ? xasprintf("%s:%u", rule->to, rule->to_port) : NULL;
}

static void change_port(struct resource *r, const struct rule *from, const struct rule *to)
{
    auto_free char *before = target_text(from), *after = target_text(to);
    char what[64];

    port_text(to ? to : from, what);
    change_add(&r->changes, CHANGE_LIVE, what, before, after, NULL);
}

/* Ports that are new, lead elsewhere, or are published no more. */
static void diff_ports(struct resource *r, const struct publish_object *o)
{
    const struct rule_list *lists[] = {&o->found->iptables, &o->found->nft};
    char mark[RULE_MARK];

    rule_mark(o->provision->site.cluster_name, r->name, mark);
    for (size_t i = 0; i < o->wanted.count; i++) {
        const struct rule *wanted = &o->wanted.items[i];
        const struct rule *found = find_way_in(lists[0], wanted);

        found = found ? found : find_way_in(lists[1], wanted);
        if (wanted->place == RULE_DNAT && !(found && rule_equal(found, wanted)))
            change_port(r, found, wanted);
    }
    for (size_t l = 0; l < ARRAY_SIZE(lists); l++) {
        for (size_t i = 0; i < lists[l]->count; i++) {
            const struct rule *found = &lists[l]->items[i];

            if (found->place == RULE_DNAT && strcmp(found->mark, mark) == 0 &&
                !find_way_in(&o->wanted, found))
                change_port(r, found, NULL);
        }
    }
}

static bool routes_loopback(const struct firewall_view *view, const char *bridge)
{
    for (size_t i = 0; i < view->local_route_count; i++) {
        if (strcmp(view->local_routes[i], bridge) == 0)
            return true;
    }
    return false;
}

/* What else must be there for the ports to lead anywhere. */
static bool is_whole(const struct publish_object *o)
{
    for (size_t i = 0; i < o->wanted.count; i++) {
        const struct rule *rule = &o->wanted.items[i];

        if (!firewall_has(o->found, rule) ||
            !firewall_is_linked(o->found, rule->family, o->provision->site.cluster_name) ||
            (rule->place == RULE_GUARD && !routes_loopback(o->found, rule->in)))
            return false;
    }
    return true;
}

/* A network that is made anew has a bridge without our setting, and libvirt's rules anew. */
static bool network_comes_anew(const struct resource *r)
{
    for (size_t i = 0; i < r->need_count; i++) {
        const struct resource *need = r->needs[i];

        if (strcmp(need->kind->name, "network") == 0 &&
            (need->action == ACTION_CREATE || need->action == ACTION_REPLACE))
            return true;
    }
    return false;
}

static int publish_diff(void *context, struct resource *r, struct error **err)
{
    const struct publish_object *o = r->data;

    (void)context;
    (void)err;
    diff_ports(r, o);
    if (r->changes.count)
        return 0;
    if (network_comes_anew(r))
        change_add(&r->changes, CHANGE_LIVE, "rules", "for the old network", "for the new one",
                   NULL);
    else if (!is_whole(o))
        change_add(&r->changes, CHANGE_LIVE, "rules", "incomplete", "whole",
                   "changed outside of virtopo");
    return 0;
}

/* libvirt's rules come with its first network, which this run may have made: so what the host
 * has is asked anew. */
static int look_again(const struct publish_object *o, struct firewall_use use[RULE_FAMILIES],
                      struct error **err)
{
    struct shell_options options = {.root = true};
    auto_buffer struct buffer text = {0};
    struct firewall_view view;

    if (shell_check(o->host->host, "reading the firewall", firewall_look, NULL, &options, &text,
                    err) < 0)
        return -1;
    firewall_parse(text.data ? text.data : "", &view);
    for (enum rule_family f = RULE_IP4; f < RULE_FAMILIES; f++)
        use[f] = firewall_use(&view, f);
    firewall_view_done(&view);
    return 0;
}

/* Two that change the same chains at once would each take away what the other has just put
 * there; other runs of the cluster are kept out by its lock. */
static pthread_mutex_t changing = PTHREAD_MUTEX_INITIALIZER;

static int apply(const struct resource *r, const struct rule_list *rules, struct error **err)
{
    const struct publish_object *o = r->data;
    struct shell_options options = {.root = true};
    struct firewall_use use[RULE_FAMILIES] = {0};
    auto_free char *script = NULL;
    int outcome;

    if (rules->count && look_again(o, use, err) < 0)
        return -1;
    script = firewall_script(o->provision->site.cluster_name, r->name, rules, use);
    pthread_mutex_lock(&changing);
    outcome = shell_check(o->host->host, rules->count ? "publishing ports" : "closing ports",
                          script, NULL, &options, NULL, err);
    pthread_mutex_unlock(&changing);
    return outcome;
}

static int publish_apply(void *context, struct resource *r, struct task *task,
                         struct error **err)
{
    const struct publish_object *o = r->data;

    (void)context;
    (void)task;
    return apply(r, &o->wanted, err);
}

static int publish_destroy(void *context, struct resource *r, struct task *task,
                           struct error **err)
{
    const struct rule_list none = {0};

    (void)context;
    (void)task;
    return apply(r, &none, err);
}

static char *publish_describe(void *context, const struct resource *r)
{
    const struct publish_object *o = r->data;
    auto_buffer struct buffer out = {0};

    (void)context;
    if (!o->machine)
        return NULL;
    list_each(struct port_forward, o->machine->node->publish, port)
    {
        auto_free char *text = port_forward_text(port);

        buffer_printf(&out, "%s%s", out.length ? ", " : "", text);
    }
    return buffer_take(&out);
}

static void publish_done(struct resource *r)
{
    struct publish_object *o = r->data;

    if (!o)
        return;
    rule_list_done(&o->wanted);
    free(o);
}

const struct resource_kind publish_kind = {
    .name = "publish",
    .rank = 60,
    .made = "published",
    .observe = publish_observe,
    .diff = publish_diff,
    .create = publish_apply,
    .update = publish_apply,
    .destroy = publish_destroy,
    .describe = publish_describe,
    .done = publish_done,
};
