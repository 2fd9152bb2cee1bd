/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of routes: both ends, of one family, and a router that is on the network. */
#include "config/network/network_check.h"

#include <string.h>

static bool is_six(const char *text)
{
    return strchr(text, ':') != NULL;
}

/* False after a finding. */
static bool read_to(struct loader *l, struct route *route)
{
    struct position at = loader_position(route->source, "to");
    auto_error struct error *error = NULL;
    char text[CIDR6_TEXT];
    struct cidr base;
    struct cidr6 base6;

    route->six = is_six(route->to);
    if (!strcmp(route->to, "default")) {
        finding_error(l->d, at, "route-to", "write 0.0.0.0/0, or \"::/0\" for IPv6",
                      "'default' does not say of which family");
        return false;
    }
    if (route->six ? cidr6_parse(route->to, &route->to6, &error)
                   : cidr_parse(route->to, &route->to4, &error)) {
        finding_error(l->d, at, "route-to",
                      error->hint ? arena_strdup(l->arena, error->hint) : NULL, "to %s",
                      error->message);
        return false;
    }
    base = (struct cidr){cidr_network(route->to4), route->to4.prefix};
    base6 = (struct cidr6){cidr6_network(route->to6), route->to6.prefix};
    if (route->six)
        cidr6_format(base6, text);
    else
        cidr_format(base, text);
    if (route->six ? ip6_compare(base6.address, route->to6.address) != 0
                   : base.address != route->to4.address)
        finding_error(l->d, at, "route-to", arena_printf(l->arena, "write %s", text),
                      "'%s' has host bits set: it is an address in %s", route->to, text);
    route->to4 = base;
    route->to6 = base6;
    route->to = arena_strdup(l->arena, text);
    return true;
}

static bool read_via(struct loader *l, struct route *route)
{
    struct position at = loader_position(route->source, "via");
    auto_error struct error *error = NULL;
    char text[IP6_TEXT];

    if (is_six(route->via) ? ip6_parse(route->via, &route->via6, &error)
                           : ip4_parse(route->via, &route->via4, &error)) {
        finding_error(l->d, at, "route-via",
                      error->hint ? arena_strdup(l->arena, error->hint) : NULL, "via %s",
                      error->message);
        return false;
    }
    if (is_six(route->via) != route->six) {
        finding_error(l->d, at, "route-via", "both are of IPv4, or both of IPv6",
                      "a route to %s cannot go via %s", route->to, route->via);
        return false;
    }
    if (route->six)
        route->via = arena_strdup(l->arena, ip6_format(route->via6, text));
    else
        route->via = arena_strdup(l->arena, ip4_format(route->via4, text));
    return true;
}

static void check_router(struct loader *l, const struct route *route,
                         const struct network *network)
{
    struct position at = loader_position(route->source, "via");
    char text[CIDR6_TEXT];

    if (!(route->six ? network->usable6 : network->usable)) {
        if (network_mode(network)->serves && route->six && !network->subnet6.prefix)
            finding_error(l->d, at, "route-via",
                          arena_printf(l->arena, "give network '%s' a subnet6", network->name),
                          "network '%s' has no IPv6 that %s could be in", network->name,
                          route->via);
        return;
    }
    if (route->six ? cidr6_contains(network->subnet6, route->via6)
                   : cidr_contains(network->subnet, route->via4))
        return;
    finding_error(
        l->d, at, "route-via", "a router is an address on the network that the route is of",
        "via %s is outside of network '%s' (%s)", route->via, network->name,
        route->six ? cidr6_format(network->subnet6, text) : cidr_format(network->subnet, text));
}

static void check_twice(struct loader *l, const struct list *routes, const struct route *route)
{
    list_each(const struct route, *routes, before)
    {
        if (before == route)
            return;
        if (before->to && !strcmp(before->to, route->to))
            finding_error(l->d, loader_position(route->source, "to"), "route-twice",
                          "remove one of the two", "a route to %s is already in %s", route->to,
                          loader_line(l, loader_position(route->source, "to"),
                                      loader_position(before->source, "to")));
    }
}

void check_routes(struct loader *l, const struct list *routes, const struct network *network)
{
    list_each(struct route, *routes, route)
    {
        if (!route->to || !route->via || !read_to(l, route) || !read_via(l, route))
            continue;
        if (network)
            check_router(l, route, network);
        check_twice(l, routes, route);
    }
}
