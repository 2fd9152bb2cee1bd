/* SPDX-License-Identifier: Apache-2.0 */
#include "network/presence.h"

#include <net/if.h>
#include <string.h>
#include <unistd.h>

#include "network/bridge.h"
#include "util/process.h"

#define VSCTL_MS 10000

struct search {
    const struct site_host *host;
    const struct network *network;
    struct diagnostics *d;
};

static struct diagnostic *report(const struct search *s, const char *key, const char *message)
{
    const struct document_node *value = document_get(s->network->source, key);

    return diagnostics_error(s->d, value ? value->position : s->network->source->position,
                             "network-missing", "%s", message);
}

static void find_external(const struct search *s)
{
    const char *name = s->network->external, *host = host_name(s->host->host);
    const struct survey_network *found = survey_network_named(&s->host->survey, name);
    auto_free char *none = xasprintf("there is no network '%s' on host '%s'", name, host);
    auto_free char *idle = xasprintf("network '%s' on host '%s' is not running", name, host);

    if (!found)
        diagnostic_hint(report(s, "external", none),
                        "`virsh net-list --all` shows what there is");
    else if (!found->active)
        diagnostic_hint(report(s, "external", idle), "start it: virsh net-start %s", name);
}

static void find_bridge(const struct search *s)
{
    auto_free char *message = xasprintf("there is no bridge %s on host '%s'",
                                        s->network->bridge, host_name(s->host->host));

    if (!bridge_is_there(s->network->bridge))
        diagnostic_hint(report(s, "bridge", message),
                        "mode bridge uses one that is there: `ip link show type bridge`; mode "
                        "nat makes a network");
}

static void find_device(const struct search *s, const char *key, const char *device)
{
    auto_free char *message =
        xasprintf("there is no device %s on host '%s'", device, host_name(s->host->host));

    if (device && if_nametoindex(device) == 0)
        diagnostic_hint(report(s, key, message), "`ip link` shows what there is");
}

/* The kernel lets a device be in one bridge, or have macvtaps, and not both. */
static void find_port(const struct search *s)
{
    auto_free char *path = xasprintf("/sys/class/net/%s/brport", s->network->dev);
    auto_free char *message = xasprintf("device %s on host '%s' is a port of a bridge",
                                        s->network->dev, host_name(s->host->host));

    if (access(path, F_OK) == 0)
        diagnostic_hint(report(s, "dev", message),
                        "plug the nodes into that bridge: mode bridge");
}

static void find_ovs(const struct search *s)
{
    const char *const argv[] = {"ovs-vsctl", "--timeout=5", "br-exists", s->network->bridge,
                                NULL};
    const struct process_options options = {.timeout_ms = VSCTL_MS};
    const char *host = host_name(s->host->host);
    auto_buffer struct buffer output = {0};
    auto_free char *none = xasprintf("there is no bridge %s of Open vSwitch on host '%s'",
                                     s->network->bridge, host);
    auto_free char *unknown = xasprintf("there is no Open vSwitch on host '%s'", host);

    if (!process_exists(argv[0])) {
        diagnostic_hint(report(s, "mode", unknown),
                        "install it (openvswitch-switch), or take mode bridge");
        return;
    }
    if (process_run(argv, &options, &output, NULL) == 0)
        return;
    /* it says nothing when it has been told that there is none */
    if (output.length == 0)
        diagnostic_hint(report(s, "bridge", none),
                        "`ovs-vsctl list-br` shows those that there are; make one: ovs-vsctl "
                        "add-br %s",
                        s->network->bridge);
    else
        diagnostic_hint(report(s, "mode", "Open vSwitch does not answer"),
                        "see that its services run: ovs-vsctl show");
}

void presence_find(const struct site_host *host, const struct network *network,
                   struct diagnostics *d)
{
    const struct search s = {host, network, d};

    if (network->mode == NETWORK_EXTERNAL)
        find_external(&s);
    /* what devices another machine has is not known here */
    if (!host_is_local(host->host) || host_is_mock(host->host))
        return;
    if (network->mode == NETWORK_BRIDGE && network_is_foreign(network))
        find_bridge(&s);
    if (network->mode == NETWORK_OVS)
        find_ovs(&s);
    find_device(&s, "dev", network->dev);
    find_device(&s, "forward_dev", network->forward_dev);
    if (network->dev)
        find_port(&s);
}
