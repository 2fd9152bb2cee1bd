/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "network/bridge.h"
#include "network/network_diff.h"

int network_clear_bridge(const struct network_object *o, struct error **err)
{
    char derived[BRIDGE_TEXT];

    if (!host_is_local(o->host->host) || host_is_mock(o->host->host))
        return 0;
    if (o->network) {
        identity_bridge(o->site->cluster_name, o->network->name, derived);
        if (strcmp(derived, o->bridge) != 0)
            return 0;
    }
    return bridge_is_idle(o->bridge) ? bridge_remove(o->bridge, err) : 0;
}

int network_start(const struct network_object *o, virNetworkPtr network, struct error **err)
{
    if (virNetworkIsActive(network) == 1)
        return 0;
    if (network_clear_bridge(o, err) < 0)
        return -1;
    if (virNetworkCreate(network) == 0)
        return 0;
    error_virt(err, "starting network '%s'", o->name);
    /* A libvirtd that is killed while it starts a network forgets the dnsmasq it has started.
     */
    if (err && strstr((*err)->message, "Address already in use"))
        return error_hint(err,
                          "another DNS server on the host has that address; the dnsmasq of a "
                          "libvirtd that was killed? Then: kill $(cat "
                          "/run/libvirt/network/%s.pid)",
                          o->name);
    return error_hint(err, "is dnsmasq installed on the host, and may libvirt change its "
                           "firewall? /var/log/libvirt there may say more");
}
