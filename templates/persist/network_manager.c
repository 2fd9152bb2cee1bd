/* SPDX-License-Identifier: Apache-2.0 */
/* Keyfiles for NetworkManager. Their priority lets them win over a profile of the uplink that
 * the host has of its own. */
#include <string.h>

#include "templates/persist/persist_part.h"
#include "util/digest.h"

#define FOLDER "/etc/NetworkManager/system-connections/"
#define PRIORITY 100

/* NetworkManager tells profiles apart by it; always the same, so that a file written again is
 * the same one. */
static void write_connection(const struct persist_bridge *b, const char *part, const char *type,
                             const char *device, struct buffer *out)
{
    auto_free char *name = xasprintf("%s/%s", b->network, part);
    uint8_t uuid[UUID_BYTES];
    char text[UUID_TEXT];

    uuid_derive(b->cluster, "NetworkManager", name, uuid);
    buffer_printf(out,
                  "[connection]\nid=virtopo-%s-%s-%s\nuuid=%s\ntype=%s\ninterface-name=%s\n"
                  "autoconnect=true\nautoconnect-priority=%d\n",
                  b->cluster, b->network, part, uuid_format(uuid, text), type, device,
                  PRIORITY);
}

static void write_family(const struct persist_bridge *b, bool is_ip6, struct buffer *out)
{
    unsigned addresses = 0, routes = 0;
    bool client = is_ip6 ? b->dhcp6 : b->dhcp4;

    buffer_printf(out, "\n[%s]\nmethod=%s\n", is_ip6 ? "ipv6" : "ipv4",
                  client                          ? "auto"
                  : persist_has_family(b, is_ip6) ? "manual"
                                                  : "disabled");
    for (size_t i = 0; i < b->address_count; i++) {
        if (persist_is_ip6(b->addresses[i]) == is_ip6)
            buffer_printf(out, "address%u=%s\n", ++addresses, b->addresses[i]);
    }
    for (size_t i = 0; i < b->route_count; i++) {
        const struct persist_route *r = &b->routes[i];

        if (!r->via || persist_is_ip6(r->via) != is_ip6)
            continue;
        buffer_printf(out, "route%u=%s,%s", ++routes,
                      strcmp(r->to, "default") != 0 ? r->to
                      : is_ip6                      ? "::/0"
                                                    : "0.0.0.0/0",
                      r->via);
        if (r->metric)
            buffer_printf(out, ",%lld", r->metric);
        buffer_puts(out, "\n");
    }
}

static void write_ethernet(const struct persist_bridge *b, const char *mac, struct buffer *out)
{
    if (!b->mtu && !mac)
        return;
    buffer_puts(out, "\n[ethernet]\n");
    if (mac)
        buffer_printf(out, "cloned-mac-address=%s\n", mac);
    if (b->mtu)
        buffer_printf(out, "mtu=%lld\n", b->mtu);
}

static void add_port(const struct persist_bridge *b, struct persist_files *ret)
{
    auto_buffer struct buffer out = {0};
    const char *port = persist_port(b);

    if (!port)
        return;
    write_connection(b, "port", b->vlan_device ? "vlan" : "ethernet", port, &out);
    buffer_printf(&out, "master=%s\nslave-type=bridge\n", b->bridge);
    if (b->vlan_device)
        buffer_printf(&out, "\n[vlan]\nid=%lld\nparent=%s\n", b->vlan, b->uplink);
    write_ethernet(b, NULL, &out);
    persist_add(b, FOLDER, "-port.nmconnection", 0600, &out, ret);
}

void persist_network_manager(const struct persist_bridge *b, struct persist_files *ret)
{
    auto_buffer struct buffer out = {0};

    write_connection(b, "bridge", "bridge", b->bridge, &out);
    buffer_printf(&out, "\n[bridge]\nstp=%s\n", b->stp ? "true" : "false");
    /* With STP it takes 2 to 30, else the value means nothing to it. */
    if (b->stp)
        buffer_printf(&out, "forward-delay=%u\n", persist_delay(b) < 2 ? 2 : persist_delay(b));
    write_ethernet(b, b->mac, &out);
    write_family(b, false, &out);
    write_family(b, true, &out);
    persist_add(b, FOLDER, ".nmconnection", 0600, &out, ret);
    add_port(b, ret);
}
