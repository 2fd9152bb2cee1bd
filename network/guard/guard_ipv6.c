/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "network/guard/guard.h"
#include "network/subnet.h"

/* The device whose router's word gave a default route, and would not be heard any more. */
static const char *deaf_device(const struct guard *guard)
{
    const json_t *route;
    size_t i;

    json_array_foreach (guard->links->routes6, i, route) {
        const char *to = json_string_value(json_object_get(route, "dst"));
        const char *by = json_string_value(json_object_get(route, "protocol"));
        const char *device = json_string_value(json_object_get(route, "dev"));
        auto_free char *setting = NULL;

        if (!to || !by || !device || strcmp(to, "default") != 0 || strcmp(by, "ra") != 0)
            continue;
        setting = xasprintf("net/ipv6/conf/%s/accept_ra", device);
        if (!net_facts_is(guard->facts, setting, "2"))
            return device;
    }
    return NULL;
}

static void check(const struct guard *guard, const struct network *network)
{
    const char *host = host_name(guard->host->host), *device;

    if (net_facts_is(guard->facts, "net/ipv6/conf/all/disable_ipv6", "1")) {
        diagnostic_hint(diagnostics_error(guard->d, guard_position(network, "subnet6"),
                                          "network-ipv6", "IPv6 is switched off on host '%s'",
                                          host),
                        "on that host: sysctl -w net.ipv6.conf.all.disable_ipv6=0; or leave "
                        "'subnet6' out");
        return;
    }
    if (!network_mode(network)->leads_out ||
        net_facts_is(guard->facts, "net/ipv6/conf/all/forwarding", "1"))
        return;
    device = deaf_device(guard);
    if (device)
        diagnostic_hint(
            diagnostics_error(guard->d, guard_position(network, "subnet6"), "network-ipv6",
                              "network '%s' needs host '%s' to forward IPv6; the host would "
                              "then ignore the router on %s that its own way out comes from",
                              network->name, host, device),
            "on that host: sysctl -w net.ipv6.conf.%s.accept_ra=2 (and the same in "
            "/etc/sysctl.d)",
            device);
}

void guard_ipv6(const struct guard *guard)
{
    list_each(struct network, guard->site->cluster->networks, network)
    {
        struct subnet mine[2];
        size_t count = network_mode(network)->serves ? subnet_of(network, mine) : 0;

        if (count && mine[count - 1].six)
            check(guard, network);
    }
}
