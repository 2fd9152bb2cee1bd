/* SPDX-License-Identifier: Apache-2.0 */
/* One YAML file for netplan, behind the host's own: words of later files win, lists add up. */
#include "templates/persist/persist_part.h"

static void write_uplink(const struct persist_bridge *b, struct buffer *out)
{
    if (!b->uplink)
        return;
    buffer_printf(out, "  ethernets:\n    \"%s\":\n", b->uplink);
    if (b->vlan_device) {
        /* It keeps its own addresses, and has to be mentioned for the VLAN's sake. */
        buffer_puts(out, "      optional: true\n");
        buffer_printf(out, "  vlans:\n    \"%s\":\n      id: %lld\n      link: \"%s\"\n",
                      b->vlan_device, b->vlan, b->uplink);
    } else {
        buffer_puts(out, "      dhcp4: false\n      dhcp6: false\n      accept-ra: false\n");
    }
    if (b->mtu)
        buffer_printf(out, "      mtu: %lld\n", b->mtu);
}

static void write_addresses(const struct persist_bridge *b, struct buffer *out)
{
    buffer_printf(out, "      dhcp4: %s\n      dhcp6: %s\n", b->dhcp4 ? "true" : "false",
                  b->dhcp6 ? "true" : "false");
    if (!b->dhcp6)
        buffer_puts(out, "      accept-ra: false\n");
    if (!persist_has_family(b, true))
        buffer_puts(out, "      link-local: []\n");
    if (b->address_count)
        buffer_puts(out, "      addresses:\n");
    for (size_t i = 0; i < b->address_count; i++)
        buffer_printf(out, "        - \"%s\"\n", b->addresses[i]);
    if (b->route_count)
        buffer_puts(out, "      routes:\n");
    for (size_t i = 0; i < b->route_count; i++) {
        const struct persist_route *r = &b->routes[i];

        buffer_printf(out, "        - to: \"%s\"\n", r->to);
        buffer_printf(out, r->via ? "          via: \"%s\"\n" : "          scope: link\n",
                      r->via);
        if (r->metric)
            buffer_printf(out, "          metric: %lld\n", r->metric);
    }
}

void persist_netplan(const struct persist_bridge *b, struct persist_files *ret)
{
    auto_buffer struct buffer out = {0};

    buffer_puts(&out, "network:\n  version: 2\n");
    write_uplink(b, &out);
    buffer_printf(&out, "  bridges:\n    \"%s\":\n", b->bridge);
    if (persist_port(b))
        buffer_printf(&out, "      interfaces: [\"%s\"]\n", persist_port(b));
    else
        buffer_puts(&out, "      interfaces: []\n");
    if (b->mac)
        buffer_printf(&out, "      macaddress: \"%s\"\n", b->mac);
    if (b->mtu)
        buffer_printf(&out, "      mtu: %lld\n", b->mtu);
    buffer_printf(&out, "      parameters:\n        stp: %s\n        forward-delay: %u\n",
                  b->stp ? "true" : "false", persist_delay(b));
    write_addresses(b, &out);
    persist_add(b, "/etc/netplan/90-", ".yaml", 0600, &out, ret);
}
