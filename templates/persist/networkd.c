/* SPDX-License-Identifier: Apache-2.0 */
/* Files for systemd-networkd: the first one, by name, that matches a device is used for it. */
#include "templates/persist/persist_part.h"

#define FOLDER "/etc/systemd/network/05-"

static void add_netdevs(const struct persist_bridge *b, struct persist_files *ret)
{
    auto_buffer struct buffer out = {0};

    buffer_printf(&out, "[NetDev]\nName=%s\nKind=bridge\n", b->bridge);
    if (b->mtu)
        buffer_printf(&out, "MTUBytes=%lld\n", b->mtu);
    if (b->mac)
        buffer_printf(&out, "MACAddress=%s\n", b->mac);
    buffer_printf(&out, "\n[Bridge]\nSTP=%s\nForwardDelaySec=%u\n", b->stp ? "yes" : "no",
                  persist_delay(b));
    persist_add(b, FOLDER, ".netdev", 0644, &out, ret);
    if (!b->vlan_device)
        return;
    buffer_printf(&out, "[NetDev]\nName=%s\nKind=vlan\n", b->vlan_device);
    buffer_printf(&out, "\n[VLAN]\nId=%lld\n", b->vlan);
    persist_add(b, FOLDER, "-vlan.netdev", 0644, &out, ret);
}

static void write_match(const char *device, long long mtu, struct buffer *out)
{
    buffer_printf(out, "[Match]\nName=%s\n", device);
    if (mtu)
        buffer_printf(out, "\n[Link]\nMTUBytes=%lld\n", mtu);
}

static void add_port(const struct persist_bridge *b, struct persist_files *ret)
{
    auto_buffer struct buffer out = {0};

    if (!persist_port(b))
        return;
    write_match(persist_port(b), b->mtu, &out);
    buffer_printf(&out, "\n[Network]\nBridge=%s\nLinkLocalAddressing=no\n", b->bridge);
    persist_add(b, FOLDER, "-port.network", 0644, &out, ret);
    if (!b->vlan_device)
        return;
    /* The uplink keeps what its own file says of it. */
    if (b->uplink_file) {
        auto_free char *folder = xasprintf("/etc/systemd/network/%s.d/", b->uplink_file);

        buffer_printf(&out, "[Network]\nVLAN=%s\n", b->vlan_device);
        persist_add(b, folder, ".conf", 0644, &out, ret);
        return;
    }
    write_match(b->uplink, b->mtu, &out);
    buffer_printf(&out, "\n[Network]\nVLAN=%s\nLinkLocalAddressing=no\n", b->vlan_device);
    persist_add(b, FOLDER, "-uplink.network", 0644, &out, ret);
}

static void write_routes(const struct persist_bridge *b, struct buffer *out)
{
    for (size_t i = 0; i < b->route_count; i++) {
        const struct persist_route *r = &b->routes[i];
        bool is_default = r->to[0] == 'd';

        buffer_puts(out, "\n[Route]\n");
        if (!is_default)
            buffer_printf(out, "Destination=%s\n", r->to);
        if (r->via)
            buffer_printf(out, "Gateway=%s\n", r->via);
        if (r->metric)
            buffer_printf(out, "Metric=%lld\n", r->metric);
    }
}

void persist_networkd(const struct persist_bridge *b, struct persist_files *ret)
{
    auto_buffer struct buffer out = {0};

    add_netdevs(b, ret);
    add_port(b, ret);
    write_match(b->bridge, 0, &out);
    buffer_puts(&out, "\n[Network]\nConfigureWithoutCarrier=yes\n");
    buffer_printf(&out, "DHCP=%s\nIPv6AcceptRA=%s\n",
                  b->dhcp4 && b->dhcp6 ? "yes"
                  : b->dhcp4           ? "ipv4"
                  : b->dhcp6           ? "ipv6"
                                       : "no",
                  b->dhcp6 ? "yes" : "no");
    if (!persist_has_family(b, true))
        buffer_puts(&out, "LinkLocalAddressing=no\n");
    for (size_t i = 0; i < b->address_count; i++)
        buffer_printf(&out, "Address=%s\n", b->addresses[i]);
    write_routes(b, &out);
    persist_add(b, FOLDER, ".network", 0644, &out, ret);
}
