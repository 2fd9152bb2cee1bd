/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/bridge_script.h"

#include <inttypes.h>
#include <stdlib.h>

#include "util/process.h"

char *bridge_mark(const char *cluster, const char *network)
{
    return xasprintf("virtopo:%s/%s", cluster, network);
}

static void put(struct buffer *out, const char *name, const char *value)
{
    auto_free char *word = shell_quote(value ? value : "");

    buffer_printf(out, "%s=%s\n", name, word);
}

static void put_number(struct buffer *out, const char *name, long long value)
{
    buffer_printf(out, "%s=%lld\n", name, value);
}

/* A here-document that nothing is expanded in. */
static void put_lines(struct buffer *out, const char *name, const char *const *lines,
                      size_t count)
{
    buffer_printf(out, "%s() {\n    cat <<'END_OF_LIST'\n", name);
    for (size_t i = 0; i < count; i++) {
        if (lines[i])
            buffer_printf(out, "%s\n", lines[i]);
    }
    buffer_puts(out, "END_OF_LIST\n}\n");
}

static const char *const *lines_of(const struct bridge_lines *lines)
{
    return (const char *const *)lines->items;
}

void bridge_script_write(const struct bridge_script *s, struct buffer *out)
{
    auto_free char *mark = bridge_mark(s->cluster, s->network);
    const char *port = s->vlan_device ? s->vlan_device : s->uplink;

    buffer_printf(out,
                  "#!/bin/sh\n# Bridge %s of network '%s' of cluster '%s', made by virtopo: sh "
                  "THIS make | unmake\n",
                  s->bridge, s->network, s->cluster);
    put(out, "mark", mark);
    put(out, "folder", s->folder);
    put(out, "bridge", s->bridge);
    put(out, "temporary", s->temporary);
    put(out, "uplink", s->uplink);
    put(out, "port", port);
    put_number(out, "vlan", s->vlan);
    put_number(out, "stp", s->stp);
    /* in hundredths of a second, as the kernel counts it */
    put_number(out, "delay", (long long)(s->forward_delay / 10));
    put_number(out, "mtu", s->mtu);
    put_number(out, "patience", (long long)(s->confirm + 999) / 1000);
    put(out, "uplink_mac", s->uplink_mac);
    put_number(out, "uplink_mtu", s->uplink_mtu);
    put_number(out, "uplink_up", s->uplink_up);
    put_lines(out, "own_addresses", s->addresses, ARRAY_SIZE(s->addresses));
    put_lines(out, "gone_addresses", lines_of(&s->gone), s->gone.count);
    put_lines(out, "moved_addresses", lines_of(&s->moved_addresses), s->moved_addresses.count);
    put_lines(out, "moved_routes", lines_of(&s->moved_routes), s->moved_routes.count);
    put_lines(out, "gateways", lines_of(&s->gateways), s->gateways.count);
    buffer_puts(out, bridge_script_body);
}
