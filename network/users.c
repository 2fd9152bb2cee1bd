/* SPDX-License-Identifier: Apache-2.0 */
#include "network/users.h"

#include <stdlib.h>
#include <string.h>

#include "network/own_bridge/own_bridge.h"

static bool is_on_network(virConnectPtr connection, const struct survey_domain *d,
                          const char *name)
{
    auto_domain virDomainPtr domain = virDomainLookupByUUIDString(connection, d->uuid);
    auto_free char *xml = domain ? virDomainGetXMLDesc(domain, 0) : NULL;
    struct domain_view view = {0};
    bool found = false;

    if (!xml || domain_view_parse(xml, &view, NULL) < 0)
        return false;
    for (size_t i = 0; i < view.nic_count; i++)
        found = found || (view.nics[i].network && strcmp(view.nics[i].network, name) == 0);
    domain_view_done(&view);
    return found;
}

static int refuse_domains(struct site_host *host, const char *name, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host->host);
    auto_buffer struct buffer names = {0};
    size_t count = 0;

    for (size_t i = 0; i < host->survey.domain_count; i++) {
        const struct survey_domain *d = &host->survey.domains[i];

        if (d->ours || !is_on_network(call.connection, d, name))
            continue;
        buffer_printf(&names, "%s'%s'", count++ ? ", " : "", d->name);
    }
    if (!count)
        return 0;
    error_set(err, ERROR_CONFLICT,
              "network '%s' on host '%s' cannot go: domain%s %s, not virtopo's, use%s it", name,
              host_name(host->host), count == 1 ? "" : "s", names.data, count == 1 ? "s" : "");
    return error_hint(err, "detach them from it first (virsh detach-interface, or virsh edit)");
}

/* A domain's taps are told by the domains; any other port somebody put there. */
static bool is_port(const struct link *link, const char *bridge, const char *uplink)
{
    return !(uplink && strcmp(link->name, uplink) == 0) && link->master &&
           strcmp(link->master, bridge) == 0 &&
           (!link->kind || strcmp(link->kind, "tun") != 0) && !link->alias;
}

/* A bridge goes with its network, and takes its ports' connections along. */
static int refuse_ports(struct site_host *host, const struct survey_network *network,
                        struct error **err)
{
    auto_error struct error *reason = NULL;
    auto_buffer struct buffer names = {0};
    const char *bridge = network->view.bridge;
    auto_free char *uplink = own_bridge_port(network);
    const struct links *links;
    size_t count = 0;

    if (!bridge || host_is_mock(host->host))
        return 0;
    if (site_links(host, &links, &reason) < 0) {
        /* a host that takes no commands */
        if (reason->kind == ERROR_NOT_FOUND)
            return 0;
        error_move(err, TAKE(reason));
        return -1;
    }
    for (size_t i = 0; i < links->count; i++) {
        if (is_port(&links->items[i], bridge, uplink))
            buffer_printf(&names, "%s%s", count++ ? ", " : "", links->items[i].name);
    }
    if (!count)
        return 0;
    error_set(err, ERROR_CONFLICT,
              "network '%s' on host '%s' cannot go: %s, not virtopo's, %s on its bridge %s",
              network->name, host_name(host->host), names.data, count == 1 ? "is" : "are",
              bridge);
    return error_hint(err, "take %s off it first (ip link set DEVICE nomaster)",
                      count == 1 ? "that device" : "those devices");
}

int users_refuse_foreign(struct site_host *host, const struct survey_network *network,
                         struct error **err)
{
    if (refuse_domains(host, network->name, err) < 0)
        return -1;
    return refuse_ports(host, network, err);
}
