/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the routes of a node's NICs: one default route of each family. */
#include "config/loader.h"
#include "config/network/network_check.h"

static const struct document_node *default_value(const struct nic *nic)
{
    return document_get(nic->source, "default_route");
}

/* Of those that say it themselves. */
static void check_said(struct loader *l, const struct node *node)
{
    const struct nic *first = NULL;

    list_each(const struct nic, node->nics, nic)
    {
        if (nic->default_route != SWITCH_ON)
            continue;
        if (first)
            finding_error(
                l->d, default_value(nic)->position, "default-route", "leave it at one of them",
                "a node has one default route, and network '%s' is it already in %s",
                first->network,
                loader_line(l, default_value(nic)->position, default_value(first)->position));
        else
            first = nic;
        if (nic->net && !network_mode(nic->net)->leads_out && network_mode(nic->net)->serves)
            finding_error(l->d, default_value(nic)->position, "default-route",
                          "for a way through another node, give it 'routes: [{ to: 0.0.0.0/0, "
                          "via: ADDRESS }]'",
                          "network '%s' is %s: its gateway leads nowhere", nic->network,
                          network_mode_words[nic->net->mode]);
    }
}

static const struct route *default_of(const struct nic *nic, bool six)
{
    list_each(const struct route, nic->routes, route)
    {
        if (route->six == six && route->to && route_is_default(route))
            return route;
    }
    return NULL;
}

/* A route to everywhere is a default route by another name. */
static void check_routed(struct loader *l, const struct node *node, bool six)
{
    const struct route *first = NULL;

    list_each(const struct nic, node->nics, nic)
    {
        const struct route *route = default_of(nic, six);

        if (route && first)
            finding_error(l->d, loader_position(route->source, "to"), "default-route",
                          "leave it at one of them",
                          "a node has one default route, and that of network '%s' is in %s",
                          nic->network,
                          loader_line(l, loader_position(route->source, "to"),
                                      loader_position(first->source, "to")));
        if (route && nic->default_route == SWITCH_OFF)
            finding_error(l->d, default_value(nic)->position, "default-route",
                          "remove one of the two",
                          "default_route is false, and a route to %s is one", route->to);
        first = first ? first : route;
    }
    list_each(const struct nic, node->nics, nic)
    {
        if (first && nic->default_route == SWITCH_ON && !default_of(nic, six))
            finding_error(l->d, default_value(nic)->position, "default-route",
                          "leave it at one of them",
                          "a node has one default route, and a route to %s is in %s", first->to,
                          loader_line(l, default_value(nic)->position,
                                      loader_position(first->source, "to")));
    }
}

void check_nic_routes(struct loader *l, const struct node *node)
{
    list_each(const struct nic, node->nics, nic) check_routes(l, &nic->routes, nic->net);
    check_said(l, node);
    check_routed(l, node, false);
    check_routed(l, node, true);
}
