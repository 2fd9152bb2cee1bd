/* SPDX-License-Identifier: Apache-2.0 */
/* A file for ifupdown's interfaces.d. The bridge is made by `ip`, so bridge-utils and vlan need
 * not be there. */
#include <string.h>

#include "templates/persist/persist_part.h"

static void write_device(const struct persist_bridge *b, struct buffer *out)
{
    const char *port = persist_port(b);

    buffer_printf(out,
                  "    pre-up ip link show %s >/dev/null 2>&1 || "
                  "ip link add name %s type bridge stp_state %d forward_delay %llu\n"
                  "    pre-up ip link set dev %s alias virtopo:%s/%s\n",
                  b->bridge, b->bridge, b->stp, (unsigned long long)b->forward_delay / 10,
                  b->bridge, b->cluster, b->network);
    if (b->mac)
        buffer_printf(out, "    pre-up ip link set dev %s address %s\n", b->bridge, b->mac);
    if (b->uplink)
        buffer_printf(out, "    pre-up ip link set dev %s up\n", b->uplink);
    if (b->vlan_device)
        buffer_printf(out,
                      "    pre-up ip link show %s >/dev/null 2>&1 || "
                      "ip link add link %s name %s type vlan id %lld\n"
                      "    pre-up ip link set dev %s alias virtopo:%s/%s\n",
                      b->vlan_device, b->uplink, b->vlan_device, b->vlan, b->vlan_device,
                      b->cluster, b->network);
    if (port) {
        if (b->mtu)
            buffer_printf(out, "    pre-up ip link set dev %s mtu %lld\n", port, b->mtu);
        buffer_printf(out, "    pre-up ip link set dev %s master %s up\n", port, b->bridge);
    }
    if (b->mtu)
        buffer_printf(out, "    pre-up ip link set dev %s mtu %lld\n", b->bridge, b->mtu);
    buffer_printf(out, "    up ip link set dev %s up\n", b->bridge);
}

static void write_routes(const struct persist_bridge *b, struct buffer *out)
{
    for (size_t i = 0; i < b->route_count; i++) {
        const struct persist_route *r = &b->routes[i];
        const char *six = r->via && persist_is_ip6(r->via) ? " -6" : "";

        buffer_printf(out, "    up ip%s route replace %s", six, r->to);
        if (r->via)
            buffer_printf(out, " via %s", r->via);
        buffer_printf(out, " dev %s", b->bridge);
        if (r->metric)
            buffer_printf(out, " metric %lld", r->metric);
        buffer_puts(out, "\n");
    }
}

static void write_down(const struct persist_bridge *b, struct buffer *out)
{
    buffer_printf(out, "    post-down ip link delete %s\n", b->bridge);
    if (b->vlan_device)
        buffer_printf(out, "    post-down ip link delete %s\n", b->vlan_device);
}

void persist_ifupdown(const struct persist_bridge *b, struct persist_files *ret)
{
    auto_buffer struct buffer out = {0};

    buffer_printf(&out, "auto %s\niface %s inet %s\n", b->bridge, b->bridge,
                  b->dhcp4 ? "dhcp" : "manual");
    write_device(b, &out);
    for (size_t i = 0; i < b->address_count; i++)
        buffer_printf(&out, "    up ip address replace %s dev %s\n", b->addresses[i],
                      b->bridge);
    write_routes(b, &out);
    write_down(b, &out);
    if (b->dhcp6)
        buffer_printf(&out, "\niface %s inet6 auto\n", b->bridge);
    persist_add(b, "/etc/network/interfaces.d/", "", 0644, &out, ret);
}
